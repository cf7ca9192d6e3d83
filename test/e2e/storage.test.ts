import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { MARKED_KEY } from '../cli/one-shot.ts';
import { ask } from '../support/ask.ts';
import { canMount } from '../support/can-mount.ts';
import { crash } from '../support/crashes.ts';
import {
  logLines,
  type Program,
  startCommand,
  startProgram,
  urlOf,
} from '../support/start-program.ts';
import { type StartedSimulator, startSimulator } from '../support/start-simulator.ts';
import { temporaryFolder } from '../support/temporary-files.ts';
import { samplesNamed, samplesOfScrape, samplesOfWorld } from '../support/world-samples.ts';

const PATIENCE = { timeout: 30_000, interval: 50 };

let api: StartedSimulator;
let folder: string;
let storagePath: string;
let programs: Program[];

beforeEach(async () => {
  programs = [];
  api = await startSimulator({
    clock: systemClock,
    keys: [MARKED_KEY],
    instances: [{ id: 'sag-full', regionId: 'cn-shanghai', users: 1500, onlineRatio: 0.2 }],
  });
  folder = await temporaryFolder();
  storagePath = join(folder, 'storage');
  await writeFile(
    join(folder, 'config.yml'),
    `
accounts:
  - name: test
    endpoint: ${api.url}
    regions: [cn-shanghai]
    credentials:
      access_key_id: ${MARKED_KEY.accessKeyId}
      access_key_secret: ${MARKED_KEY.accessKeySecret}
      security_token: ${MARKED_KEY.securityToken}
polling: { requests_per_second: 5000, adaptive: false }
history: { enabled: true }
`,
  );
});

afterEach(async () => {
  for (const program of programs) await program.end('SIGKILL');
  await api.stop();
});

const flags = () => [
  `--config.file=${join(folder, 'config.yml')}`,
  `--storage.path=${storagePath}`,
  '--web.listen-address=127.0.0.1:0',
  '--log.format=json',
];

function start(program = startCommand(flags())): Program {
  programs.push(program);
  return program;
}

const metrics = async (program: Program): Promise<string> =>
  (await ask(`${urlOf(program)}/metrics`)).body;

const untilListening = (program: Program) => vi.waitFor(() => urlOf(program), PATIENCE);

const untilComplete = (program: Program) =>
  vi.waitFor(
    async () =>
      expect(samplesOfScrape(await metrics(program))).toEqual(samplesOfWorld(api.simulator.world)),
    PATIENCE,
  );

const errors = (program: Program) => logLines(program).filter(({ level }) => level === 'error');

const SUCCESSFUL = 'sag_app_exporter_storage_last_write_successful';

/** Metrics of the fleet that neither begin anew with a process nor move with the time. */
const LASTING = /^sag_app_(?!exporter_|account_up|.*_total$|session_duration_|user_session_age_)/;
const lasting = (text: string) => samplesNamed(text, (name) => LASTING.test(name));

/** Each test starts several processes, which takes long on a busy machine. */
const SLOW = { timeout: 120_000 };

describe('serve with --storage.path', SLOW, () => {
  it('shows at once what the process before it has shown last, and is ready', async () => {
    const first = start();
    await untilListening(first);
    await untilComplete(first);
    const before = lasting(await metrics(first));
    expect(await first.end()).toBe(0);

    const second = start();
    await untilListening(second);
    expect(lasting(await metrics(second))).toEqual(before);
    expect((await ask(`${urlOf(second)}/-/ready`)).status).toBe(200);
    expect([...errors(first), ...errors(second)]).toEqual([]);
  });

  it('writes no secret into any file', async () => {
    const first = start();
    await untilListening(first);
    await untilComplete(first);
    api.simulator.world.kick(
      'sag-full',
      api.simulator.world.onlineUsers('sag-full')[0]?.name ?? '',
    );
    await first.end();
    const names = await readdir(storagePath, { recursive: true, withFileTypes: true });
    const files = names.filter((entry) => entry.isFile());
    expect(files.length).toBeGreaterThan(1);
    for (const { parentPath, name } of files) {
      const bytes = await readFile(join(parentPath, name));
      const text = name.endsWith('.gz') ? gunzipSync(bytes).toString() : bytes.toString();
      for (const secret of Object.values(MARKED_KEY)) {
        expect(text, name).not.toContain(secret);
        expect(bytes.includes(secret), name).toBe(false);
      }
    }
  });

  it('takes over a directory when the process that used it is killed', async () => {
    const first = start();
    await untilListening(first);
    await untilComplete(first);
    await vi.waitFor(
      async () => expect(await readdir(join(storagePath, 'state'))).toHaveLength(2),
      PATIENCE,
    );
    const second = start();
    await untilListening(second);
    expect(errors(second)).toMatchObject([
      { reason: expect.stringContaining('another process uses it') },
    ]);
    expect(await metrics(second)).toContain(`${SUCCESSFUL} 0`);
    await first.end('SIGKILL');
    await vi.waitFor(
      async () => expect(await metrics(second)).toContain(`${SUCCESSFUL} 1`),
      PATIENCE,
    );
    expect(errors(second)).toHaveLength(1);
  });

  it('refuses an empty path', async () => {
    const program = start(startCommand(['serve', '--storage.path=']));
    expect(await program.ended).toBe(2);
  });

  it('loses nothing that contradicts the world, and never its state, when it is killed at any moment', {
    timeout: 240_000,
  }, async () => {
    const report = await crash(10, 1);
    expect(report.violations).toEqual([]);
    expect(report.restored).toBeGreaterThan(3);
    expect(report.compared).toBeGreaterThan(1000);
  });
});

describe.runIf(canMount)('a disk of the storage', () => {
  /** Starts serve with its storage directory on a file system of its own. */
  async function startOn(mountOptions: string, script = ''): Promise<Program> {
    await mkdir(storagePath);
    const mount = `mount -t tmpfs -o ${mountOptions} none ${storagePath} && ${script} exec "$@"`;
    const command = startCommand(['--version']).child.spawnargs.slice(0, 2);
    const program = start(
      startProgram('unshare', ['--mount', 'sh', '-c', mount, 'sh', ...command, ...flags()]),
    );
    await untilListening(program);
    await untilComplete(program);
    return program;
  }

  it.each([
    [
      'that is full',
      'size=64k',
      `head -c 61440 /dev/zero > "$0"/filler;`,
      'the disk is full (ENOSPC)',
    ],
    ['that is read-only', 'ro', '', 'the file system is read-only (EROFS)'],
  ])(
    '%s is logged once and shown, and disturbs nothing else',
    async (_, options, script, reason) => {
      const program = await startOn(options, script.replace('"$0"', storagePath));
      await vi.waitFor(
        async () => expect(await metrics(program)).toContain(`${SUCCESSFUL} 0`),
        PATIENCE,
      );
      expect(errors(program)).toMatchObject([{ reason }]);
      expect((await ask(`${urlOf(program)}/-/ready`)).status).toBe(200);
      expect((await ask(`${urlOf(program)}/api/v1/status`)).body).toContain(reason);
      expect(await program.end()).toBe(0);
      expect(errors(program)).toHaveLength(1);
    },
  );
});
