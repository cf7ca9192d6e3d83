import { createHash } from 'node:crypto';
import escapeHtml from 'escape-html';

/** What the landing page says of an instance; text is escaped here. */
export interface InstanceRow {
  readonly account: string;
  readonly regionId: string;
  readonly instanceId: string;
  readonly name: string;
  readonly up: boolean;
  readonly users: number | undefined;
  readonly usersLimit: number | undefined;
  readonly onlineUsers: number | undefined;
  readonly onlineClients: number | undefined;
  /** Seconds since the online pass last succeeded. */
  readonly age: number | undefined;
  /** Why a stage's newest pass failed. */
  readonly problem: string | undefined;
}

/** What the landing page says. */
export interface PageFacts {
  readonly version: string;
  readonly telemetryPath: string;
  /** Things the operator should mend, such as missing credentials. */
  readonly problems: readonly string[];
  readonly instances: readonly InstanceRow[];
}

const STYLE = `
:root { color-scheme: light dark; font-family: system-ui, sans-serif; line-height: 1.5; }
body { margin: 2rem auto; max-width: 75rem; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; }
th, td { border-bottom: 1px solid #8884; padding: .35rem .6rem; text-align: left; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
.problem { border-left: .3rem solid #c33; padding-left: .7rem; }
`;

/** No script, nothing from elsewhere; the one style by its hash. */
export const LANDING_PAGE_POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The page a person meets first: where to look, and the fleet in a table. */
export function landingPage({ version, telemetryPath, problems, instances }: PageFacts): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>SAG APP exporter</title>
<style>${STYLE}</style>
</head>
<body>
<h1>SAG APP exporter</h1>
<p>Version ${escapeHtml(version)}, Prometheus exporter for Alibaba Cloud Smart Access Gateway APP.
<a href="${escapeHtml(telemetryPath)}">Metrics</a> ·
<a href="/-/ready">Ready?</a> · <a href="/-/healthy">Healthy?</a></p>
${problems.map((problem) => `<p class="problem" role="alert">${escapeHtml(problem)}</p>`).join('\n')}
<table>
<thead><tr><th scope="col">Instance</th><th scope="col">Name</th><th scope="col">Account</th>
<th scope="col">Region</th><th scope="col">State</th><th scope="col" class="number">Users</th>
<th scope="col" class="number">Limit</th><th scope="col" class="number">Online users</th>
<th scope="col" class="number">Online clients</th><th scope="col" class="number">Seen</th></tr></thead>
<tbody>
${instances.length === 0 ? '<tr><td colspan="10">No instance is known yet.</td></tr>' : instances.map(row).join('\n')}
</tbody>
</table>
</body>
</html>
`;
}

function row(instance: InstanceRow): string {
  const state = instance.up ? 'up' : `not up${instance.problem ? `: ${instance.problem}` : ''}`;
  const texts = [instance.instanceId, instance.name, instance.account, instance.regionId, state];
  const figures = [
    instance.users,
    instance.usersLimit,
    instance.onlineUsers,
    instance.onlineClients,
    instance.age === undefined ? undefined : `${Math.round(instance.age)} s ago`,
  ];
  return `<tr>${texts.map((text) => `<td>${escapeHtml(text)}</td>`).join('')}${figures
    .map((figure) => `<td class="number">${figure ?? '–'}</td>`)
    .join('')}</tr>`;
}
