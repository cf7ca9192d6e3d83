import { type Content, type Html, html } from './html.ts';

export interface PageLinks {
  /** Relative path from the page to the exporter's root, so that a proxy may add any prefix. */
  readonly root: string;
  readonly telemetryPath: string;
  /** A part of the addresses of style and script, so that browsers do not use the files of another build. */
  readonly assetsVersion: string;
}

export function layout(
  { root, telemetryPath, assetsVersion }: PageLinks,
  page: {
    readonly title: string;
    readonly json: string;
    /** The time of the data, as ISO 8601. */
    readonly time: string;
    readonly isLive: boolean;
    readonly main: Content;
  },
): Html {
  const { title, json, time, isLive, main } = page;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="icon" type="image/svg+xml" href="${root}icon.svg?v=${assetsVersion}">
<link rel="stylesheet" href="${root}status.css?v=${assetsVersion}">
${isLive && html`<script src="${root}status.js?v=${assetsVersion}" defer></script>`}
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<header>
<a class="brand" href="${root}"><img src="${root}icon.svg?v=${assetsVersion}" alt="" width="28" height="28"> SAG APP exporter</a>
<nav aria-label="Exporter"><a href="${root}${telemetryPath.replace(/^\//, '')}">Metrics</a> <a href="${root}${json}">JSON</a> <a href="${root}-/ready">Ready?</a> <a href="${root}-/healthy">Healthy?</a></nav>
</header>
<aside class="refresh" aria-label="Refreshing"><span class="soft">As of <time id="as-of" datetime="${time}">${time.slice(11, 19)}</time> UTC</span>
<button type="button" id="refresh-toggle" hidden>Pause refreshing</button> <span id="refresh-state" role="status"></span></aside>
<main id="main" tabindex="-1">
${main}
</main>
</body>
</html>
`;
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
