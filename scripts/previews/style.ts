/** How a picture looks. */
export const STYLE = `
* { box-sizing: border-box; margin: 0; }
body { width: 1600px; background: #f4f5f5; color: #24292e; font: 13px/1.4 Inter, Helvetica, Arial, sans-serif; }
header { display: flex; align-items: center; justify-content: space-between; padding: 12px 12px 4px; }
h1 { font-size: 19px; font-weight: 500; }
strong { background: #24292e; color: #fff; border-radius: 3px; padding: 3px 10px; font-weight: 500; }
nav { display: flex; gap: 8px; padding: 6px 8px 12px; }
nav span, nav a { background: #fff; border: 1px solid #d8dbdf; border-radius: 2px; padding: 4px 10px; }
nav b { color: #1f60c4; font-weight: 500; margin-right: 10px; }
nav a { margin-left: 4px; }
nav a:first-of-type { margin-left: auto; }
main { position: relative; }
h2, section { position: absolute; }
h2 { font-size: 15px; font-weight: 500; padding: 4px 6px; }
section { background: #fff; border: 1px solid #e2e4e7; border-radius: 2px; padding: 0 7px; overflow: hidden; }
h3 { font-size: 13px; font-weight: 500; height: 30px; line-height: 30px; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
table { width: 100%; border-collapse: collapse; }
td, th { white-space: nowrap; text-align: left; font-weight: 400; }
svg { display: block; }
.beside { display: flex; }
.legend { font-size: 12px; color: #3c434a; }
.legend td:first-child { max-width: 0; overflow: hidden; text-overflow: ellipsis; }
.legend tr { height: 20px; }
.legend th { color: #1f60c4; }
.legend td:not(:first-child), .legend th:not(:first-child) { text-align: right; width: 76px; }
.legend i { display: inline-block; width: 14px; height: 4px; border-radius: 2px; margin: 0 8px 2px 2px; }
.stat { display: flex; height: 100px; align-items: center; justify-content: space-around; text-align: center; }
p.stat, .none { color: #5a626b; font-size: 22px; }
.none { display: grid; place-items: center; height: 70%; }
.stat span { display: block; font-size: 14px; }
.stat b { font-weight: 500; white-space: nowrap; }
.rows tr { height: 27px; border-bottom: 1px solid #eceef1; }
.rows td, .rows th { padding: 0 8px; }
.rows th { color: #1f60c4; font-weight: 500; }
.rows .number { text-align: right; }
.rows .link { color: #1f60c4; text-decoration: underline; }
.more { color: #5a626b; padding: 4px 8px; }
.bars td { padding: 2px 6px; font-size: 13px; }
.bars td:nth-child(2) { width: 60%; }
.bars td:last-child { text-align: right; }
.bar { background: #eef0f2; }
.bar div { height: 17px; opacity: 0.75; }
`;
