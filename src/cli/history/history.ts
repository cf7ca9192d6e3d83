import { type Clock, systemClock } from '../../clock.ts';
import { isoTime } from '../../web/status/times.ts';
import { pickInstance, suggestInstances } from '../one-shot/pick-instance.ts';
import { CommandError, EXIT, type Host } from '../process/host.ts';
import { visible } from '../terminal/visible-text.ts';
import { coverageOf } from './coverage.ts';
import { type FoundSession, foundSessions } from './found-sessions.ts';
import { type LocalZone, localZone } from './local-zone.ts';
import {
  csvPrinter,
  jsonPrinter,
  type Printer,
  printSessions,
  tablePrinter,
} from './print-sessions.ts';
import { type HistoryFlags, type Question, questionOf } from './question.ts';
import { namedInstance, type Recorded, readRecorded, whenReadable } from './recorded.ts';
import { shownNames } from './shown-names.ts';

/**
 * Prints who was online at a moment, or which sessions there were in a time, from the files of an exporter. It
 * calls no API, and the exporter may run at the same time.
 */
export async function history(
  flags: HistoryFlags,
  host: Host,
  clock: Pick<Clock, 'now'> = systemClock,
): Promise<number> {
  const zone = localZone(host);
  const question = questionOf(flags, zone, clock.now());
  const { storagePath, isMoment } = question;
  const recorded = await readRecorded(storagePath);
  const { wanted, id } = wantedInstances(recorded, question.instance);
  const names = await whenReadable(storagePath, shownNames(flags, host, recorded.historyFolder));
  const { unknown, notes } = coverageOf(question, recorded, wanted, zone);
  if (unknown !== undefined) throw new CommandError(unknown, EXIT.failed);
  const found = foundSessions(question, { ...recorded, instances: wanted }, names, id);
  const sessions = untilEnding(isMoment ? sorted(found) : found, host);
  const printer = printerOf(flags, question, wanted, zone);
  const count = await whenReadable(storagePath, printSessions(sessions, printer, host.stdout));
  for (const note of notes) host.stderr.write(`${visible(note)}\n`);
  if (count > 0 || question.instance === undefined || wanted.length > 0) return EXIT.done;
  host.stderr.write(`${visible(noInstance(question.instance, recorded))}\n`);
  return EXIT.failed;
}

/** Ids of deleted instances are in the history alone, so what is no name of an instance may be an id. */
function wantedInstances({ instances }: Recorded, called: string | undefined) {
  if (called === undefined) return { wanted: instances, id: undefined };
  const id = pickInstance(called, instances.map(namedInstance))?.instanceId ?? called;
  return { wanted: instances.filter((instance) => instance.id.instanceId === id), id };
}

function noInstance(called: string, { instances }: Recorded): string {
  const suggestion = suggestInstances(called, instances.map(namedInstance));
  return `The state has no instance that is called ${called}. ${suggestion}An instance that was deleted has only its id.`;
}

/** In the order of a list for people. Those who were online at a moment fit into the memory. */
async function* sorted(sessions: AsyncIterable<FoundSession>): AsyncGenerator<FoundSession, void> {
  const all: FoundSession[] = [];
  for await (const session of sessions) all.push(session);
  const keys = ['account', 'region_id', 'instance_id', 'user_name', 'started_at'] as const;
  yield* all.sort((one, other) => {
    const key = keys.find((each) => one[each] !== other[each]);
    return key === undefined || (one[key] ?? '') < (other[key] ?? '') ? -1 : 1;
  });
}

/** @throws CommandError when the process is asked to end */
async function* untilEnding<Item>(
  items: AsyncIterable<Item>,
  { ending }: Host,
): AsyncGenerator<Item, void> {
  for await (const item of items) {
    if (ending.aborted) throw new CommandError('history was ended before it was done', EXIT.failed);
    yield item;
  }
}

function printerOf(
  { json, csv }: HistoryFlags,
  question: Question,
  wanted: Recorded['instances'],
  zone: LocalZone,
): Printer {
  if (csv) return csvPrinter;
  if (!json) return tablePrinter(zone, nothingText(question, zone));
  const { from, to, isMoment } = question;
  const written = wanted.map(({ writtenAt }) => writtenAt);
  return jsonPrinter({
    ...(isMoment ? { at: timeOf(from) } : { from: timeOf(from), to: timeOf(to) }),
    // Until then, open sessions of every instance are known.
    stateWrittenAt: written.length === 0 ? undefined : isoTime(Math.min(...written)),
  });
}

const timeOf = (ms: number): string => new Date(ms).toISOString();

function nothingText({ from, to, isMoment, user, instance }: Question, zone: LocalZone): string {
  const where = instance === undefined ? '' : ` on ${instance}`;
  if (isMoment) {
    const who = user === undefined ? 'No user was online' : `${user} was not online`;
    return `${who}${where} at ${zone.format(from)}.`;
  }
  const who = user === undefined ? 'There was no session' : `${user} had no session`;
  return `${who}${where} between ${zone.format(from)} and ${zone.format(to)}.`;
}
