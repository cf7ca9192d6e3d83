import { systemClock } from '../../../clock.ts';
import type { AccountConfig, Config } from '../../../config/config.ts';
import { clientOf } from '../../one-shot/client-of.ts';
import { buildOf } from '../../process/build.ts';
import type { Host } from '../../process/host.ts';
import { Collector } from './collector.ts';
import { Prober } from './probe.ts';
import { answerQuestions } from './questions.ts';

const ABOUT =
  "The shapes of the API's answers, to compare with its documents: operations, error codes, names and kinds of fields, rough counts. It contains no name, id, address, key or message of the account. Read it before you pass it on.";

/**
 * Makes up to about eighty calls for each account and returns the report as JSON text.
 *
 * @throws the signal's reason
 */
export async function reportText(config: Config, host: Host): Promise<string> {
  const accounts: unknown[] = [];
  for (const account of config.accounts) accounts.push(await reportOf(account, config, host));
  const { version } = buildOf(host);
  const report = { about: ABOUT, format: 1, exporter: version, accounts };
  return `${JSON.stringify(report, null, 2)}\n`;
}

async function reportOf(account: AccountConfig, config: Config, host: Host): Promise<unknown> {
  const collector = new Collector();
  const client = clientOf(account, config, host, {
    onCall: (record) => collector.onCall(record),
    onResponse: (operation, headers) => collector.onResponse(operation, headers),
  });
  try {
    const prober = new Prober(client, collector, host.ending);
    const answers = await answerQuestions(prober, account, systemClock.now());
    return { answers, operations: collector.describe() };
  } finally {
    client.close();
  }
}
