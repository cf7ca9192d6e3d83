import { ERRORS } from '../../src/simulator/gateway/errors.ts';
import { GATEWAY_ERRORS } from '../../src/simulator/gateway/gateway-errors.ts';
import { OPERATIONS } from '../../src/simulator/operations/index.ts';

const HEAD = `# Errors of the simulator

The errors of the simulator and their causes. Codes, statuses and texts are copied from the API's
pages. When a page does not say what causes a code, or has no code for a case, the simulator's choice
is in this table. The order of the checks is the simulator's choice too: first the errors of every
operation, then those of the operation, roughly from top to bottom. Doubtful statuses and texts can be
switched (\`quirks\`).

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
    const [httpStatus, message] = textOf(code);
    return `| \`${code}\` | ${httpStatus} | ${message} | ${cause} |`;
  });
  return `## ${title}\n\n${COLUMNS}\n${rows.join('\n')}\n`;
}

/** The codes of these two kinds contain the name of a parameter, so the table of errors lacks them. */
const BY_PARAMETER = {
  'Missing<Parameter>': [400, '&lt;Parameter&gt; is mandatory for this action.'],
  'Invalid<Parameter>': [400, 'Specified parameter &lt;Parameter&gt; is not valid.'],
} as const;

function textOf(code: string): readonly [httpStatus: number, message: string] {
  const texts: Readonly<Record<string, readonly [number, string]>> = { ...ERRORS, ...BY_PARAMETER };
  const text = texts[code];
  if (text === undefined) throw new RangeError(`The table of errors has no code ${code}`);
  return text;
}
