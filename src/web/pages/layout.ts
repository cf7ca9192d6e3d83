import { LANGUAGES, type Language, MESSAGES } from '../messages/index.ts';
import { type PageContext, pageAddress } from './context.ts';
import { type Content, filled, type Html, html } from './html.ts';

export function layout(
  context: PageContext,
  page: {
    /** @default the name of the product alone */
    readonly title?: string;
    readonly json: string;
    /** The time of the data, as ISO 8601. */
    readonly time: string;
    readonly isLive: boolean;
    readonly main: Content;
  },
): Html {
  const { root, telemetryPath, assetsVersion, language } = context;
  const { layout } = context.messages;
  const { title, json, time, isLive, main } = page;
  const asOf = html`<time id="as-of" datetime="${time}" data-form="second">${time.slice(11, 19)}</time>`;
  return html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title !== undefined && `${title} – `}SAG APP exporter</title>
<link rel="icon" type="image/svg+xml" href="${root}icon.svg?v=${assetsVersion}">
<link rel="stylesheet" href="${root}status.css?v=${assetsVersion}">
${isLive && html`<script src="${root}status.js?v=${assetsVersion}" defer></script>`}
</head>
<body>
<a class="skip" href="#main">${layout.skip}</a>
<header>
<a class="brand" href="${pageAddress(context, '')}"><img src="${root}icon.svg?v=${assetsVersion}" alt="" width="28" height="28"> SAG APP exporter</a>
<nav aria-label="${layout.exporter}"><a href="${root}${telemetryPath.replace(/^\//, '')}">${layout.metrics}</a> <a href="${root}${json}">JSON</a> <a href="${root}-/ready">${layout.ready}</a> <a href="${root}-/healthy">${layout.healthy}</a></nav>
<nav id="languages" aria-label="${layout.language}">${LANGUAGES.map((other) => languageLink(context, other))}</nav>
</header>
<aside class="refresh" aria-label="${layout.refreshing}"><span class="soft">${filled(layout.asOf, asOf, html`<span id="zone">UTC</span>`)}</span>
<button type="button" id="zone-toggle" data-utc="${layout.showUtc}" data-local="${layout.showLocal}" hidden>${layout.showUtc}</button>
<button type="button" id="refresh-toggle" data-pause="${layout.pause}" data-resume="${layout.resume}" hidden>${layout.pause}</button> <span id="refresh-state" role="status" data-failed="${layout.cannotRefresh}"></span></aside>
<main id="main" tabindex="-1">
${main}
</main>
</body>
</html>
`;
}

/** A link to the same page in another language. */
function languageLink({ language, parameters }: PageContext, other: Language): Html {
  const query = new URLSearchParams(parameters);
  query.set('lang', other);
  return html`<a href="?${query.toString()}" lang="${other}" hreflang="${other}"${other === language && html` aria-current="true"`}>${MESSAGES[other].layout.ownName}</a> `;
}

/** The path of an instance's page, relative to the root. Its JSON has the same path under `api/v1/`. */
export function instancePath(id: {
  readonly account: string;
  readonly regionId: string;
  readonly instanceId: string;
}): string {
  const parts = [id.account, id.regionId, id.instanceId];
  return ['instances', ...parts.map((part) => encodeURIComponent(part))].join('/');
}
