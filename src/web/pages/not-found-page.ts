import { type Html, html } from './html.ts';
import { layout, type PageLinks } from './layout.ts';

export function notFoundPage(time: string, links: PageLinks): Html {
  return layout(links, {
    title: 'No such instance – SAG APP exporter',
    json: 'api/v1/status',
    time,
    isLive: false,
    main: html`<h1>No such instance</h1>
<p>The instance may have been removed or not been discovered yet, or the address is wrong.</p>
<p><a href="${links.root}">To the fleet</a></p>`,
  });
}
