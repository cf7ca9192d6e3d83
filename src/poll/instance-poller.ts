import type { Clock } from '../clock.ts';
import type { InstanceRecord } from '../fleet/fleet.ts';
import type { Log } from '../log.ts';
import type { Lists } from '../smartag/lists.ts';
import type { Client } from '../smartag/operation.ts';
import type { AccountGate } from './account-gate.ts';
import type { PollSettings } from './settings.ts';
import { runStage } from './stage-runner.ts';
import { onlinePass } from './stages/online.ts';
import { usersPass } from './stages/users.ts';

/** Calls a pass keeps waiting for its turn beside those in flight, so that no slot stands idle. */
const WAITING_PER_SLOT = 2;

/** What the polling of an instance needs; one set serves an account. */
export interface PollContext {
  readonly clock: Clock;
  readonly client: Client;
  readonly lists: Lists;
  readonly gate: AccountGate;
  readonly settings: PollSettings;
}

/**
 * Polls one instance until the signal aborts: its users, and, once they are known, who of them is
 * online. Resolves when the last pass has ended.
 */
export async function pollInstance(
  record: InstanceRecord,
  context: PollContext,
  log: Log,
  signal: AbortSignal,
): Promise<void> {
  const { clock, client, lists, gate, settings } = context;
  let online: Promise<void> | undefined;
  const startOnline = (): Promise<void> =>
    runStage(
      {
        stage: 'online',
        records: [record.stages.online, record.stages.sessions],
        run: (pass) =>
          onlinePass(record, { client, parallel: WAITING_PER_SLOT * settings.concurrency }, pass),
        setting: 'online_interval',
        log,
      },
      { clock, gate, interval: settings.onlineInterval },
      signal,
    );
  await runStage(
    {
      stage: 'users',
      records: [record.stages.users],
      run: async (pass) => {
        await usersPass(record, { lists, pageSize: settings.pageSize, log }, pass);
        online ??= startOnline();
      },
      setting: 'users_interval',
      log,
    },
    { clock, gate, interval: settings.usersInterval },
    signal,
  );
  await online;
}
