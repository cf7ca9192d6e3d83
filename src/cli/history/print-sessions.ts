import { csvLine } from '../../csv.ts';
import type { Output } from '../process/host.ts';
import { type Column, LongTable } from '../terminal/table.ts';
import { visible, visibleJson } from '../terminal/visible-text.ts';
import type { FoundSession } from './found-sessions.ts';
import type { LocalZone } from './local-zone.ts';

/** Prints sessions as they are found, because a quarter of them need not fit into the memory. */
export interface Printer {
  begin(): string;
  rows(sessions: readonly FoundSession[]): string;
  /** @param isEmpty whether there were no sessions */
  end(isEmpty: boolean): string;
}

/** Sessions written at once. */
const BLOCK = 1000;

/**
 * @returns the number of sessions
 * @throws the error of the sessions; what was found before is printed
 */
export async function printSessions(
  sessions: AsyncIterable<FoundSession>,
  printer: Printer,
  output: Output,
): Promise<number> {
  let count = 0;
  let block: FoundSession[] = [];
  output.write(printer.begin());
  for await (const session of sessions) {
    count++;
    block.push(session);
    if (block.length < BLOCK) continue;
    output.write(printer.rows(block));
    block = [];
  }
  if (block.length > 0) output.write(printer.rows(block));
  output.write(printer.end(count === 0));
  return count;
}

const COLUMNS: readonly Column[] = [
  { title: 'INSTANCE' },
  { title: 'USER' },
  { title: 'ADDRESS' },
  { title: 'STARTED' },
  { title: 'ENDED' },
];

/** @param nothing says that there are no sessions */
export function tablePrinter(zone: LocalZone, nothing: string): Printer {
  const table = new LongTable(COLUMNS);
  const local = (time: string): string => zone.format(Date.parse(time));
  return {
    begin: () => '',
    rows: (sessions) => {
      const rows = sessions.map(({ instance_id, user_name, client_ip, started_at, ended_at }) => [
        instance_id,
        user_name,
        client_ip,
        started_at === null ? 'unknown' : local(started_at),
        ended_at === null ? 'still online' : local(ended_at),
      ]);
      return `${table.lines(rows).join('\n')}\n`;
    },
    end: (isEmpty) => (isEmpty ? `${visible(nothing)}\n` : ''),
  };
}

/** The columns and their order are those of the lines of the history. */
const CSV_COLUMNS = [
  'account',
  'region_id',
  'instance_id',
  'user_name',
  'client_ip',
  'started_at',
  'ended_at',
] as const satisfies readonly (keyof FoundSession)[];

export const csvPrinter: Printer = {
  begin: () => csvLine(CSV_COLUMNS),
  rows: (sessions) =>
    sessions
      .map((session) => csvLine(CSV_COLUMNS.map((column) => visible(session[column] ?? ''))))
      .join(''),
  end: () => '',
};

/** @param head the fields before the list */
export function jsonPrinter(head: Readonly<Record<string, unknown>>): Printer {
  let isFirst = true;
  return {
    begin: () => visibleJson({ ...head, sessions: [] }).replace(/\]\n\}$/, ''),
    rows: (sessions) => {
      const texts = sessions.map((session) => `\n${indented(visibleJson(asJson(session)))}`);
      const text = `${isFirst ? '' : ','}${texts.join(',')}`;
      isFirst = false;
      return text;
    },
    end: (isEmpty) => (isEmpty ? ']\n}\n' : '\n  ]\n}\n'),
  };
}

/** Fields without a known value are absent. */
function asJson(session: FoundSession) {
  return {
    account: session.account,
    regionId: session.region_id,
    instanceId: session.instance_id,
    userName: session.user_name,
    clientIp: session.client_ip || undefined,
    startedAt: session.started_at ?? undefined,
    endedAt: session.ended_at ?? undefined,
  };
}

const indented = (text: string): string => text.replaceAll(/^/gm, '    ');
