import { type Html, html } from './html.ts';
import { layout, type PageLinks } from './layout.ts';

/** What stands where an instance's page would, were there such an instance. */
export function notFoundPage(time: string, links: PageLinks): Html {
  return layout(links, {
    title: 'No such instance – SAG APP exporter',
    json: 'api/v1/status',
    time,
    isLive: false,
    main: html`<h1>No such instance</h1>
<p>It may have been removed, or not been discovered yet, or the address is misspelt.</p>
<p><a href="${links.root}">To the fleet</a></p>`,
  });
}
