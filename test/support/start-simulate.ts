import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vi } from 'vitest';
import { logLine, type Program, startCommand, urlOf } from './start-program.ts';

/** A running `simulate` command with a scenario and a control API. */
export interface StartedSimulate {
  /** Base URL of the API. */
  readonly url: string;
  /** Base URL of its control API. */
  readonly controlUrl: string;
  /**
   * Performs an action of the control API.
   *
   * @throws Error when the action is refused
   */
  control(action: string, takes: Readonly<Record<string, unknown>>): Promise<void>;
  stop(): Promise<void>;
}

/** @param scenario the YAML text of a scenario */
export async function startSimulate(scenario: string): Promise<StartedSimulate> {
  const folder = await mkdtemp(join(tmpdir(), 'simulate-'));
  const file = join(folder, 'scenario.yml');
  await writeFile(file, scenario);
  const program: Program = startCommand([
    'simulate',
    `--scenario.file=${file}`,
    '--web.listen-address=127.0.0.1:0',
    '--control.listen-address=127.0.0.1:0',
    '--log.format=json',
  ]);
  const [url, controlUrl] = await vi.waitFor(
    () => [
      urlOf(program),
      `http://${String(logLine(program, 'control API listening')['control_address'])}`,
    ],
    { timeout: 60_000, interval: 100 },
  );
  return {
    url: url ?? '',
    controlUrl: controlUrl ?? '',
    async control(action, takes) {
      const answer = await fetch(`${controlUrl}/-/control/${action}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(takes),
      });
      if (!answer.ok) throw new Error(`${action}: ${answer.status} ${await answer.text()}`);
    },
    async stop() {
      await program.end();
      await rm(folder, { recursive: true });
    },
  };
}
