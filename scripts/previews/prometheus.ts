/** The labels of a series. */
export type Labels = Readonly<Record<string, string>>;

/** One series at one moment. */
export interface Instant {
  readonly labels: Labels;
  readonly value: number;
}

/** One series over time: [seconds since the epoch, value]. */
export interface Ranged {
  readonly labels: Labels;
  readonly points: readonly (readonly [number, number])[];
}

/** The time a picture shows, in seconds since the epoch, and how far apart its points are. */
export interface TimeRange {
  readonly from: number;
  readonly to: number;
  readonly step: number;
}

interface Answer {
  readonly error?: string;
  readonly data?: {
    readonly result: readonly {
      readonly metric: Labels;
      readonly value?: readonly [number, string];
      readonly values?: readonly (readonly [number, string])[];
    }[];
  };
}

/** Asks a Prometheus. */
export class Prometheus {
  readonly url: string;

  constructor(url: string) {
    this.url = url;
  }

  /** @throws Error when the expression is refused */
  async instant(expr: string, at: number): Promise<readonly Instant[]> {
    const result = await this.#ask('query', { query: expr, time: at });
    return result.map(({ metric, value }) => ({ labels: metric, value: Number(value?.[1]) }));
  }

  /** @throws Error when the expression is refused */
  async range(expr: string, { from, to, step }: TimeRange): Promise<readonly Ranged[]> {
    const result = await this.#ask('query_range', { query: expr, start: from, end: to, step });
    return result.map(({ metric, values = [] }) => ({
      labels: metric,
      points: values.map(([at, value]) => [at, Number(value)] as const),
    }));
  }

  async #ask(path: string, parameters: Readonly<Record<string, string | number>>) {
    const body = new URLSearchParams(
      Object.entries(parameters).map(([name, value]): [string, string] => [name, String(value)]),
    );
    const response = await fetch(`${this.url}/api/v1/${path}`, { method: 'POST', body });
    const { data, error } = (await response.json()) as Answer;
    if (!data) throw new Error(`${this.url}: ${error}: ${parameters['query']}`);
    return data.result;
  }
}
