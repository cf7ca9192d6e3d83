import { systemClock } from '../clock.ts';
import type { Config } from '../config/config.ts';
import { createExporter } from '../exporter/exporter.ts';
import { type FirstPasses, makeFirstPasses, withOnePass } from '../exporter/first-passes.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { silentLog } from '../log.ts';
import { piecesOf } from '../metrics/exposition/scrapes.ts';
import { explain } from '../model/advice.ts';
import { INSTANCE_STAGES } from '../model/stage.ts';
import { configOf } from './config-source.ts';
import type { CommonFlags, ConfigFlags } from './flags.ts';
import { wholeFile } from './one-shot/whole-file.ts';
import { buildOf } from './process/build.ts';
import { commandLog } from './process/command-log.ts';
import { CommandError, EXIT, type Host } from './process/host.ts';
import { StatusLine } from './terminal/status-line.ts';
import { visible } from './terminal/visible-text.ts';

export interface OnceFlags extends CommonFlags, ConfigFlags {
  readonly output?: string;
  readonly quiet: boolean;
}

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
    log: flags.quiet ? silentLog() : await commandLog(reporting, flags),
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
 * Keeps only the families of this product. Those of the process describe a process that has ended, and
 * node_exporter would refuse the whole file, because it exposes families of the same names itself.
 */
function ownFamilies(text: string): string {
  return text
    .split(/^(?=# HELP )/m)
    .filter((family) => family.startsWith('# HELP sag_app_'))
    .map((family) => `${family.trimEnd()}\n`)
    .join('');
}

/** A sentence for each failed account, region and instance. */
function failuresOf(fleet: Fleet, { accounts }: Config): readonly string[] {
  const failures: string[] = [];
  for (const { name, paused } of fleet.accounts) {
    if (paused) failures.push(`account ${name}: ${explain(paused)}`);
  }
  const isPaused = (account: string): boolean => fleet.account(account).paused !== undefined;
  for (const { account, regionId, discovery } of fleet.regions) {
    const error = discovery.lastError;
    if (isPaused(account) || !error) continue;
    // Without discovery, this operation only reads names and limits of instances. Polling works without them.
    const discovers = accounts.find(({ name }) => name === account)?.discovery === true;
    if (!discovers && error.kind === 'forbidden') continue;
    const step = regionId === '' ? 'finding its regions' : `discovery in ${regionId}`;
    failures.push(`account ${account}: ${step} failed: ${explain(error)}`);
  }
  for (const { id, stages } of fleet.instances) {
    if (isPaused(id.account)) continue;
    for (const stage of INSTANCE_STAGES) {
      const error = stages[stage]?.lastError;
      if (!error) continue;
      failures.push(
        `instance ${id.instanceId} (account ${id.account}, ${id.regionId}): the ${stage} pass failed: ${explain(error)}`,
      );
    }
  }
  return failures;
}

/** The status line; at most about 80 characters, to fit into any terminal. */
function progressOf({ discovering, instances, done, underWay }: FirstPasses): string {
  if (discovering && underWay.length === 0) return 'looking for instances';
  const progress = `${done} of ${instances}${discovering ? ' or more' : ''} instances done`;
  const [first] = underWay;
  if (first === undefined) return progress;
  const percent = Math.floor(100 * first.progress);
  const more = underWay.length > 1 ? ` (and ${underWay.length - 1} more)` : '';
  return `${progress}; ${visible(first.instanceId).slice(0, 24)}: ${first.stage} ${percent} %${more}`;
}
