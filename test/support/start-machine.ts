import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { vi } from 'vitest';
import { type Program, startProgram } from './start-program.ts';

/** A command that has ended. */
interface Finished {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A container booted by systemd, with its own processes and network. */
export interface Machine {
  /** Runs a command on the machine, as root. */
  run(...command: readonly string[]): Finished;
  /** Sends a request from inside its network. */
  curl(...args: readonly string[]): Finished;
  /** Properties of a unit. */
  show(unit: string, ...properties: readonly string[]): Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/** Boots the root file system in a folder; resolves when its systemd answers. */
export async function startMachine(root: string): Promise<Machine> {
  const nspawn: Program = startProgram('systemd-nspawn', [
    '--quiet',
    `--directory=${root}`,
    '--private-network',
    // The host may not run systemd.
    '--register=no',
    '--keep-unit',
    '--boot',
  ]);
  const stop = async (): Promise<void> => {
    nspawn.child.kill('SIGTERM');
    // Powers the machine off; if that fails, its processes are killed.
    const late = setTimeout(() => nspawn.child.kill('SIGKILL'), 30_000);
    await nspawn.ended;
    clearTimeout(late);
  };
  try {
    return { ...(await booted(nspawn)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function booted(nspawn: Program): Promise<Omit<Machine, 'stop'>> {
  const enter = (namespaces: readonly string[], command: readonly string[]): Finished => {
    const first = ['--target', String(firstProcess(nspawn))];
    const { status, stdout, stderr } = spawnSync(
      'nsenter',
      [...first, ...namespaces, '--', ...command],
      {
        env: { PATH: '/usr/local/bin:/usr/bin:/bin:/usr/sbin' },
        encoding: 'utf8',
        timeout: 60_000,
      },
    );
    return { status, stdout, stderr };
  };
  const run: Machine['run'] = (...command) =>
    enter(['--mount', '--pid', '--net', '--ipc', '--uts', '--wd=/'], command);
  await vi.waitFor(
    () => {
      const { status, stderr } = run('systemctl', 'show', '--property=Version');
      if (status !== 0) throw new Error(`${stderr}${nspawn.output.stdout}${nspawn.output.stderr}`);
    },
    { timeout: 60_000, interval: 250 },
  );
  return {
    run,
    curl: (...args) => enter(['--net'], ['curl', '-sS', ...args]),
    show: (unit, ...properties) =>
      Object.fromEntries(
        run('systemctl', 'show', unit, `--property=${properties.join(',')}`)
          .stdout.trim()
          .split('\n')
          .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
      ),
  };
}

/** The machine's first process. At the very beginning another process is briefly in its place. */
function firstProcess({ child: { pid } }: Program): number {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  if (!/^\d+$/.test(children)) throw new Error(`process ${pid} has not started its child yet`);
  return Number(children);
}
