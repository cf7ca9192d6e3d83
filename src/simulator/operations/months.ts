import { HOUR } from '../../clock.ts';
import type { Quirks } from '../rules/quirks/table.ts';

/** How many milliseconds earlier midnight is in each zone than in UTC. Neither zone has summer time. */
const AHEAD_OF_UTC: Readonly<Record<Quirks['trafficMonth'], number>> = {
  UTC: 0,
  'Asia/Shanghai': 8 * HOUR,
};

/** A calendar month, in milliseconds since the epoch. `end` is exclusive. */
export interface Month {
  readonly start: number;
  readonly end: number;
}

export function monthOf(now: number, { trafficMonth }: Quirks): Month {
  const date = new Date(now + AHEAD_OF_UTC[trafficMonth]);
  return month(date.getUTCFullYear(), date.getUTCMonth(), trafficMonth);
}

/** The month that a text `yyyyMM` names; undefined when the text has another form. */
export function monthNamed(text: string, { trafficMonth }: Quirks): Month | undefined {
  const parts = /^(\d{4})(0[1-9]|1[0-2])$/.exec(text);
  return parts ? month(Number(parts[1]), Number(parts[2]) - 1, trafficMonth) : undefined;
}

function month(year: number, index: number, zone: Quirks['trafficMonth']): Month {
  const ahead = AHEAD_OF_UTC[zone];
  return { start: Date.UTC(year, index) - ahead, end: Date.UTC(year, index + 1) - ahead };
}
