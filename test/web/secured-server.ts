import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import express from 'express';
import { onTestFinished } from 'vitest';
import type { Clock } from '../../src/clock.ts';
import { CurrentWebConfig } from '../../src/config/web/current.ts';
import { type ConfigProblem, formatProblem } from '../../src/input/problem.ts';
import { silentLog } from '../../src/log.ts';
import type { GateOptions } from '../../src/web/access/gate.ts';
import { type Listener, listen } from '../../src/web/server/listen.ts';
import { temporaryFolder } from '../support/temporary-files.ts';

/** A server with a web configuration. It stops when the test ends. */
export interface SecuredServer extends Listener {
  readonly url: string;
  /** The folder of the files. */
  readonly folder: string;
  /** The reports about changed files: `changed`, or the problems. */
  readonly reports: readonly string[];
  /** Writes a file beside the configuration, `web.yml`. */
  write(name: string, text: string): Promise<void>;
}

/** @param files texts by name, `web.yml` among them */
export async function startSecured(
  files: Readonly<Record<string, string>>,
  wishes: Partial<GateOptions> & { readonly app?: express.Express; readonly clock?: Clock } = {},
): Promise<SecuredServer> {
  const folder = await temporaryFolder();
  const write = (name: string, text: string) => writeFile(join(folder, name), text);
  for (const [name, text] of Object.entries(files)) await write(name, text);
  const reports: string[] = [];
  const policy = await CurrentWebConfig.open(join(folder, 'web.yml'), {
    onChange: () => reports.push('changed'),
    onRefused: (problems: readonly ConfigProblem[]) =>
      reports.push(...problems.map((problem) => formatProblem(problem).replace(`${folder}/`, ''))),
  });
  const app = wishes.app ?? express().get('/', (_request, response) => void response.send('in\n'));
  const listener = await listen(
    app,
    { host: '127.0.0.1', port: 0 },
    {
      gate: { policy, monotonic: () => 0, log: silentLog(), ...wishes },
      ...(wishes.clock && { clock: wishes.clock }),
    },
  );
  onTestFinished(() => listener.stop());
  return { ...listener, url: `${listener.scheme}://${listener.address}`, folder, reports, write };
}
