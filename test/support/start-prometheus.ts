import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vi } from 'vitest';
import { freePort, type Program, startProgram } from './start-program.ts';

/** A real Prometheus that scrapes what it is told to. */
export interface StartedPrometheus {
  readonly url: string;
  /** The instant vector an expression gives. */
  query(expression: string): Promise<readonly PromSample[]>;
  /** The values of an expression of one series from `start` to `end`, in seconds, one a second. */
  queryRange(expression: string, start: number, end: number): Promise<readonly PromPoint[]>;
  stop(): Promise<void>;
}

/** One element of an instant vector. */
export interface PromSample {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: number;
}

/** One element of a range: when, in seconds since the epoch, and how much. */
export interface PromPoint {
  readonly at: number;
  readonly value: number;
}

/**
 * @param target host:port of the exporter
 * @param how further settings of the scrape: scheme, tls_config, basic_auth
 */
export async function startPrometheus(
  target: string,
  how: Readonly<Record<string, unknown>> = {},
): Promise<StartedPrometheus> {
  const job = { job_name: 'sag-app', static_configs: [{ targets: [target] }], ...how };
  const folder = await mkdtemp(join(tmpdir(), 'prometheus-'));
  const port = await freePort();
  const config = join(folder, 'prometheus.yml');
  await writeFile(
    config,
    `global: { scrape_interval: 1s, scrape_timeout: 1s }
scrape_configs:
  - ${JSON.stringify(job)}
`,
  );
  const program: Program = startProgram('prometheus', [
    `--config.file=${config}`,
    `--web.listen-address=127.0.0.1:${port}`,
    `--storage.tsdb.path=${join(folder, 'data')}`,
    '--storage.tsdb.retention.time=1h',
    '--log.level=warn',
  ]);
  const url = `http://127.0.0.1:${port}`;
  await vi.waitFor(
    async () => {
      if (!(await fetch(`${url}/-/ready`)).ok) throw new Error('Prometheus is not ready yet');
    },
    { timeout: 30_000, interval: 200 },
  );
  return {
    url,
    async query(expression) {
      const response = await fetch(
        `${url}/api/v1/query?${new URLSearchParams({ query: expression })}`,
      );
      const { data } = (await response.json()) as {
        data: { result: { metric: Record<string, string>; value: [number, string] }[] };
      };
      return data.result.map(({ metric, value }) => ({ metric, value: Number(value[1]) }));
    },
    async queryRange(expression, start, end) {
      const range = { query: expression, start: String(start), end: String(end), step: '1' };
      const response = await fetch(`${url}/api/v1/query_range?${new URLSearchParams(range)}`);
      const { data } = (await response.json()) as {
        data: { result: { values: [number, string][] }[] };
      };
      if (data.result.length !== 1) throw new Error(`${expression}: ${data.result.length} series`);
      return (data.result[0]?.values ?? []).map(([at, value]) => ({ at, value: Number(value) }));
    },
    async stop() {
      await program.end();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
