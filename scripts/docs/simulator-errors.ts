import { ERRORS } from '../../src/simulator/gateway/errors.ts';
import { GATEWAY_ERRORS } from '../../src/simulator/gateway/gateway-errors.ts';
import { OPERATIONS } from '../../src/simulator/operations/index.ts';

const HEAD = `# Errors of the simulator

What the simulator answers with an error, and why. Codes, statuses and texts are those of the API's
pages. Where a page does not say what causes a code, or names none for a case, this table is the
simulator's choice. So is the order in which things are looked for: first what holds for every
operation, then what is the operation's own, roughly from top to bottom. Doubtful statuses and texts
can be switched (\`quirks\`).

Made by \`npm run docs\` from the simulator's own tables.
`;

const COLUMNS = '| code | status | text | caused by |\n|---|---|---|---|';

/** The page docs/simulator-errors.md. */
export function errorReference(): string {
  const sections = OPERATIONS.map(({ name, product, errors }) => {
    const title = product === 'Sts' ? `${name} (STS)` : name;
    return section(title, errors);
  });
  return [HEAD, section('Every operation', GATEWAY_ERRORS), ...sections].join('\n');
}

function section(title: string, errors: Readonly<Record<string, string>>): string {
  const rows = Object.entries(errors).map(([code, cause]) => {
    const { httpStatus, message } = textOf(code);
    return `| \`${code}\` | ${httpStatus} | ${message} | ${cause} |`;
  });
  return `## ${title}\n\n${COLUMNS}\n${rows.join('\n')}\n`;
}

/** The two kinds that are named after a parameter stand in no table. */
const BY_PARAMETER: Readonly<Record<string, { httpStatus: number; message: string }>> = {
  'Missing<Parameter>': {
    httpStatus: 400,
    message: '&lt;Parameter&gt; is mandatory for this action.',
  },
  'Invalid<Parameter>': {
    httpStatus: 400,
    message: 'Specified parameter &lt;Parameter&gt; is not valid.',
  },
};

function textOf(code: string): { readonly httpStatus: number; readonly message: string } {
  const texts: Readonly<Record<string, { httpStatus: number; message: string }>> = {
    ...ERRORS,
    ...BY_PARAMETER,
  };
  const text = texts[code];
  if (text === undefined) throw new RangeError(`No text for ${code}`);
  return text;
}
