import { type Html, html } from './html.ts';
import { layout, type Place } from './layout.ts';

/** What stands where an instance's page would, were there such an instance. */
export function notFoundPage(time: string, place: Place): Html {
  return layout(place, {
    title: 'No such instance – SAG APP exporter',
    json: 'api/v1/status',
    time,
    isLive: false,
    main: html`<h1>No such instance</h1>
<p>It may have been removed, or not been discovered yet, or the address is misspelt.</p>
<p><a href="${place.root}">To the fleet</a></p>`,
  });
}
