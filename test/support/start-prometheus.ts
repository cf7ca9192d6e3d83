import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vi } from 'vitest';
import { freePort, type Program, startProgram } from './start-program.ts';

/** A running real Prometheus. */
export interface StartedPrometheus {
  readonly url: string;
  /** Evaluates an expression now. */
  query(expression: string): Promise<readonly PromSample[]>;
  /** Evaluates an expression with one series each second from `start` to `end` (seconds since the epoch). */
  queryRange(expression: string, start: number, end: number): Promise<readonly PromPoint[]>;
  stop(): Promise<void>;
}

/** One element of an instant vector. */
export interface PromSample {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A value of a range, with its time in seconds since the epoch. */
export interface PromPoint {
  readonly at: number;
  readonly value: number;
}

/** Options of a Prometheus that scrapes every second. */
export interface PrometheusWishes {
  /** Paths of rule files, evaluated every second. */
  readonly ruleFiles?: readonly string[];
  /** host:port of the Alertmanager that gets the alerts. */
  readonly alertmanager?: string;
  /** Samples from before its start, in OpenMetrics with timestamps. */
  readonly history?: string;
  /** Further settings of the scrape: scheme, tls_config, basic_auth. */
  readonly scrape?: Readonly<Record<string, unknown>>;
}

/** @param targets host:port of the exporter, or of each of several */
export async function startPrometheus(
  targets: string | readonly string[],
  { ruleFiles = [], alertmanager, history, scrape = {} }: PrometheusWishes = {},
): Promise<StartedPrometheus> {
  const job = { job_name: 'sag-app', static_configs: [{ targets: [targets].flat() }], ...scrape };
  const folder = await mkdtemp(join(tmpdir(), 'prometheus-'));
  const port = await freePort();
  const config = join(folder, 'prometheus.yml');
  await writeFile(
    config,
    `global: { scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s }
rule_files: ${JSON.stringify(ruleFiles)}
alerting:
  alertmanagers:
    - static_configs: [{ targets: ${JSON.stringify(alertmanager === undefined ? [] : [alertmanager])} }]
scrape_configs:
  - ${JSON.stringify(job)}
`,
  );
  const data = join(folder, 'data');
  if (history !== undefined) {
    const file = join(folder, 'history.om');
    await writeFile(file, history);
    const importing = ['tsdb', 'create-blocks-from', 'openmetrics', file, data];
    const { status, stderr } = spawnSync('promtool', importing, { encoding: 'utf8' });
    if (status !== 0) throw new Error(`promtool cannot read the history: ${stderr}`);
  }
  const program: Program = startProgram('prometheus', [
    `--config.file=${config}`,
    `--web.listen-address=127.0.0.1:${port}`,
    `--storage.tsdb.path=${data}`,
    '--storage.tsdb.retention.time=10d',
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
      const answer = (await response.json()) as {
        error?: string;
        data?: { result: { metric: Record<string, string>; value: [number, string] }[] };
      };
      if (!answer.data) throw new Error(`${expression}: ${answer.error}`);
      return answer.data.result.map(({ metric, value }) => ({ metric, value: Number(value[1]) }));
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
