import { describe, expect, it } from 'vitest';
import { SECOND } from '../../../src/clock.ts';
import { Churn } from '../../support/long-run/churn.ts';
import { createHour, SEED } from '../../support/long-run/hour.ts';
import { readScrape } from '../../support/long-run/scraped-fleet.ts';
import { structuralFaults } from '../../support/long-run/structure.ts';
import { Succession } from '../../support/long-run/succession.ts';

/** Seconds: one discovery more than the first. */
const LASTS = 690;

/** A scrape by its lines; true ones are altered in one way each, and the judges must object. */
type Lie = (text: string) => string;

const LIES: Readonly<Record<string, Lie>> = {
  'a client too many, in the sum as well': (text) =>
    bump(bump(text, /^sag_app_user_online_clients\{.*"sag-large".*\} [1-9]/m), sum('clients')),
  'a user online who is not, in the sums as well': (text) => {
    const online = bump(text, /^sag_app_user_online_clients\{.*"sag-large".*\} 0/m);
    return bump(bump(online, sum('clients')), sum('users'));
  },
  'half a sum': (text) => bump(text, sum('clients')),
  'a session that began at another time': (text) =>
    bump(text, /^sag_app_user_session_start_timestamp_seconds\{.*"sag-small".*\} \d+/m),
  'a user who does not exist': (text) =>
    text.replace(
      /^(sag_app_user_online_clients\{.*user_name=")[^"]*("\} )0$/m,
      '$&\n$1nobody.at.all$20',
    ),
  'a user left out': (text) => text.replace(/^sag_app_user_online_clients\{.*\} 0\n/m, ''),
  'a user enabled who is not': (text) => {
    const enabled = bump(text, /^sag_app_user_enabled\{.*"sag-large".*\} 0/m);
    return bump(enabled, /^sag_app_users\{.*"sag-large".*"enabled"\} \d+/m);
  },
  'an instance that does not exist': (text) =>
    text.replace(/^(sag_app_instance_up\{.*instance_id=")[^"]*("\} 1)$/m, '$&\n$1sag-ghost$2'),
  'an instance left out': (text) => text.replace(/^[^#].*"sag-quiet".*\n/gm, ''),
  'an instance down without reason': (text) =>
    text.replace(/^(sag_app_instance_up\{.*\}) 1$/m, '$1 0'),
  'a counter that fell': (text) =>
    text.replace(/^(sag_app_sessions_ended_total\{.*"sag-large".*\}) \d+$/m, '$1 0'),
  'more sessions than began': (text) =>
    text.replace(/^(sag_app_sessions_started_total\{.*"sag-large".*\}) \d+$/m, '$1 5000'),
  'a success that goes back': (text) =>
    text.replace(/^(sag_app_last_success_timestamp_seconds\{.*\}) \d\d\d/m, '$1 000'),
  'a series twice': (text) => text.replace(/^sag_app_user_info\{.*\n/m, '$&$&'),
};

function sum(of: 'clients' | 'users'): RegExp {
  return new RegExp(`^sag_app_online_${of}\\{.*"sag-large".*\\} \\d+`, 'm');
}

/** The text with the figure one greater. */
function bump(text: string, line: RegExp): string {
  return text.replace(line, (found) => {
    const at = found.lastIndexOf(' ') + 1;
    return `${found.slice(0, at)}${Number(found.slice(at)) + 1}`;
  });
}

describe('the judges of the long run', () => {
  it.each(['fan-out', 'auto'] as const)(
    'object to every lie and not to the truth (%s)',
    async (strategy) => {
      const hour = createHour(strategy);
      const { clock, world, history, model } = hour;
      const churn = new Churn(world, SEED);
      const succession = new Succession();
      hour.poller.start();
      let text = '';
      for (let second = 0; second <= LASTS; second++) {
        history.note();
        if (second % 10 === 0) churn.change();
        history.note();
        if (second % 15 === 0) {
          text = hour.scrape();
          const fleet = readScrape(text, clock.now() / SECOND);
          const faults = [
            ...structuralFaults(fleet),
            ...succession.faults(fleet, false),
            ...model.faults(fleet),
          ];
          expect(faults).toEqual([]);
        }
        await clock.advance(SECOND);
      }
      const at = clock.now() / SECOND;
      for (const [name, lie] of Object.entries(LIES)) {
        const told = lie(text);
        expect(told, name).not.toBe(text);
        expect(objections(told), name).not.toEqual([]);
        // What the lie left behind is taken back.
        succession.faults(readScrape(text, at), false);
      }
      await hour.stop();
      expect(clock.pending).toBe(0);

      function objections(lie: string): readonly string[] {
        try {
          const fleet = readScrape(lie, at);
          return [
            ...structuralFaults(fleet),
            ...succession.faults(fleet, false),
            ...model.faults(fleet),
          ];
        } catch (error) {
          return [String(error)];
        }
      }
    },
    60_000,
  );
});
