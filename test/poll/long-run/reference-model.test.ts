import { describe, expect, it } from 'vitest';
import { SECOND } from '../../../src/clock.ts';
import { Churn } from '../../support/long-run/churn.ts';
import { createHour, SEED } from '../../support/long-run/hour.ts';
import { readScrape } from '../../support/long-run/scraped-fleet.ts';
import { structuralFaults } from '../../support/long-run/structure.ts';
import { Succession } from '../../support/long-run/succession.ts';

/** In seconds: long enough for a second discovery. */
const DURATION = 690;

/** Makes a correct scrape wrong in one way. The checks must notice it. */
type Alteration = (text: string) => string;

const ALTERATIONS: Readonly<Record<string, Alteration>> = {
  'one client too many, also in the sum': (text) =>
    bump(bump(text, /^sag_app_user_online_clients\{.*"sag-large".*\} [1-9]/m), sum('clients')),
  'an offline user shown as online, also in the sums': (text) => {
    const online = bump(text, /^sag_app_user_online_clients\{.*"sag-large".*\} 0/m);
    return bump(bump(online, sum('clients')), sum('users'));
  },
  'a wrong sum': (text) => bump(text, sum('clients')),
  'a session that began at another time': (text) =>
    bump(text, /^sag_app_user_session_start_timestamp_seconds\{.*"sag-small".*\} \d+/m),
  'a user who does not exist': (text) =>
    text.replace(
      /^(sag_app_user_online_clients\{.*user_name=")[^"]*("\} )0$/m,
      '$&\n$1nobody.at.all$20',
    ),
  'a user left out': (text) => text.replace(/^sag_app_user_online_clients\{.*\} 0\n/m, ''),
  'a disabled user shown as enabled': (text) => {
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
  'a time of success that goes back': (text) =>
    text.replace(/^(sag_app_last_success_timestamp_seconds\{.*\}) \d\d\d/m, '$1 000'),
  'a series that is written twice': (text) => text.replace(/^sag_app_user_info\{.*\n/m, '$&$&'),
};

function sum(of: 'clients' | 'users'): RegExp {
  return new RegExp(`^sag_app_online_${of}\\{.*"sag-large".*\\} \\d+`, 'm');
}

/** The text with the value of the line one greater. */
function bump(text: string, line: RegExp): string {
  return text.replace(line, (found) => {
    const at = found.lastIndexOf(' ') + 1;
    return `${found.slice(0, at)}${Number(found.slice(at)) + 1}`;
  });
}

describe('the checks of the long run', () => {
  it.each(['fan-out', 'auto'] as const)(
    'find every alteration of a scrape and no fault in correct scrapes (%s)',
    async (strategy) => {
      const hour = createHour(strategy);
      const { clock, world, history, model } = hour;
      const churn = new Churn(world, SEED);
      const succession = new Succession();
      hour.poller.start();
      let text = '';
      for (let second = 0; second <= DURATION; second++) {
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
      for (const [name, alter] of Object.entries(ALTERATIONS)) {
        const altered = alter(text);
        expect(altered, name).not.toBe(text);
        expect(faultsIn(altered), name).not.toEqual([]);
        // Replaces the altered scrape as the earlier scrape of the next comparison.
        succession.faults(readScrape(text, at), false);
      }
      await hour.stop();
      expect(clock.pending).toBe(0);

      function faultsIn(altered: string): readonly string[] {
        try {
          const fleet = readScrape(altered, at);
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
