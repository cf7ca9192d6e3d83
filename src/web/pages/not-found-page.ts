import { type PageContext, pageAddress } from './context.ts';
import { type Html, html } from './html.ts';
import { layout } from './layout.ts';

export function notFoundPage(time: string, context: PageContext): Html {
  const { layout: texts } = context.messages;
  return layout(context, {
    title: texts.noInstance,
    json: 'api/v1/status',
    time,
    isLive: false,
    main: html`<h1>${texts.noInstance}</h1>
<p>${texts.noInstanceReason}</p>
<p><a href="${pageAddress(context, '')}">${texts.toFleet}</a></p>`,
  });
}
