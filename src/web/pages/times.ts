import type { Messages } from '../messages/index.ts';
import { minuteOf } from '../status/times.ts';
import { type Html, html } from './html.ts';

/*
 * Times are written in UTC. The attribute `data-form` tells status.js how to write the same time in the time
 * zone of the browser. Dates have the order of ISO 8601 in every language.
 */

/** The age of an event. The tooltip shows its time. */
export function ago({ formats, parts }: Messages, isoTime: string, seconds: number): Html {
  return html`<time datetime="${isoTime}" title="${minuteOf(isoTime)} UTC">${parts.ago(formats.duration(seconds))}</time>`;
}

/** A time to the minute. */
export function moment(isoTime: string): Html {
  return html`<time datetime="${isoTime}" data-form="minute">${minuteOf(isoTime)}</time>`;
}

/** A time to the minute. Without its date, when that is the date of the page. */
export function shortMoment(isoTime: string, pageTime: string): Html {
  const text = minuteOf(isoTime);
  return html`<time datetime="${isoTime}" data-form="short">${isSameDay(isoTime, pageTime) ? text.slice(-5) : text}</time>`;
}

/** The day of a time, or the time of day when the day is that of the page. */
export function day(isoTime: string, pageTime: string): Html {
  const text = minuteOf(isoTime);
  return html`<time datetime="${isoTime}" data-form="day">${isSameDay(isoTime, pageTime) ? text.slice(-5) : text.slice(0, 10)}</time>`;
}

/** The date of a time. */
export function date(isoTime: string): Html {
  return html`<time datetime="${isoTime}" data-form="date">${isoTime.slice(0, 10)}</time>`;
}

function isSameDay(isoTime: string, other: string): boolean {
  return isoTime.slice(0, 10) === other.slice(0, 10);
}
