import { systemClock } from '../clock.ts';
import type { Config } from '../config/config.ts';
import { createExporter } from '../exporter/exporter.ts';
import { type FirstPasses, makeFirstPasses, withOnePass } from '../exporter/first-passes.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { silentLog } from '../log.ts';
import { piecesOf } from '../metrics/exposition/scrapes.ts';
import { explain } from '../model/advice.ts';
import { POSSIBLE_STAGES } from '../model/stage.ts';
import { configOf } from './config-source.ts';
import type { CommonFlags, ConfigFlags } from './flags.ts';
import { wholeFile } from './one-shot/whole-file.ts';
import { buildOf } from './process/build.ts';
import { commandLog } from './process/command-log.ts';
import { CommandError, EXIT, type Host } from './process/host.ts';
import { StatusLine } from './terminal/status-line.ts';
import { visible } from './terminal/visible-text.ts';

/** Flags of once. */
export interface OnceFlags extends CommonFlags, ConfigFlags {
  /** The file to write; stdout without. */
  readonly output?: string;
  /** Whether nobody asked for log lines. */
  readonly quiet: boolean;
}

/** One complete pass of every stage, then the exposition. */
export async function once(flags: OnceFlags, host: Host): Promise<number> {
  const config = await configOf(flags, host);
  const write = flags.output === undefined ? undefined : await wholeFile(flags.output, host);
  const status = host.stderr.isTTY === true ? new StatusLine(host.stderr) : undefined;
  const { env } = host;
  const reporting = {
    env,
    stderr: status?.above ?? host.stderr,
    onDefect: (listener: (error: unknown) => void) => host.onDefect(listener),
  };
  const exporter = await createExporter({
    config: withOnePass(config),
    env,
    clock: systemClock,
    random: Math.random,
    log: flags.quiet ? silentLog() : commandLog(reporting, flags),
    build: buildOf(host),
    telemetryPath: '/metrics',
  });
  try {
    await makeFirstPasses(exporter, {
      clock: systemClock,
      signal: host.ending,
      onProgress: (passes) => status?.show(progressOf(passes)),
    });
  } catch (error) {
    if (!host.ending.aborted) throw error;
    throw new CommandError('once was ended before it was done; nothing was written', EXIT.failed);
  } finally {
    status?.show('');
  }
  const text = ownFamilies(
    Buffer.concat(await piecesOf(exporter.scrape('text', 'identity'))).toString(),
  );
  if (write) await write(text);
  else host.stdout.write(text);
  const failures = failuresOf(exporter.fleet, config);
  for (const failure of failures) host.stderr.write(`${visible(failure)}\n`);
  return failures.length === 0 ? EXIT.done : EXIT.failed;
}

/**
 * The families of this product only: those of the process describe one that is gone, and the node
 * exporter has families of the same names, so that it would refuse the whole file.
 */
function ownFamilies(text: string): string {
  return text
    .split(/^(?=# HELP )/m)
    .filter((family) => family.startsWith('# HELP sag_app_'))
    .map((family) => `${family.trimEnd()}\n`)
    .join('');
}

/** What went wrong, a sentence for each account, region or instance; empty: nothing. */
function failuresOf(fleet: Fleet, { accounts }: Config): readonly string[] {
  const failures: string[] = [];
  for (const { name, paused } of fleet.accounts) {
    if (paused) failures.push(`account ${name}: ${explain(paused)}`);
  }
  const isPaused = (account: string): boolean => fleet.account(account).paused !== undefined;
  for (const { account, regionId, discovery } of fleet.regions) {
    const error = discovery.lastError;
    if (isPaused(account) || !error) continue;
    // Where instances are only looked up, for their names and limits, they do without.
    const discovers = accounts.find(({ name }) => name === account)?.discovery === true;
    if (!discovers && error.kind === 'forbidden') continue;
    const what = regionId === '' ? 'finding its regions' : `discovery in ${regionId}`;
    failures.push(`account ${account}: ${what} failed: ${explain(error)}`);
  }
  for (const { id, stages } of fleet.instances) {
    if (isPaused(id.account)) continue;
    for (const stage of POSSIBLE_STAGES) {
      const error = stages[stage]?.lastError;
      if (!error) continue;
      failures.push(
        `instance ${id.instanceId} (account ${id.account}, ${id.regionId}): the ${stage} pass failed: ${explain(error)}`,
      );
    }
  }
  return failures;
}

/** Short enough for any terminal. */
function progressOf({ discovering, instances, done, underWay }: FirstPasses): string {
  if (discovering && underWay.length === 0) return 'looking for instances';
  const of = `${done} of ${instances}${discovering ? ' or more' : ''} instances done`;
  const [first] = underWay;
  if (first === undefined) return of;
  const percent = Math.floor(100 * first.progress);
  const more = underWay.length > 1 ? ` (and ${underWay.length - 1} more)` : '';
  return `${of}; ${visible(first.instanceId).slice(0, 24)}: ${first.stage} ${percent} %${more}`;
}
