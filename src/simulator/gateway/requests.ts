import { detached } from './detached.ts';

/** The record of one call. Holds nothing secret. */
export interface RequestRecord {
  /** Arrival, in monotonic milliseconds of the clock. */
  readonly time: number;
  /** `unknown` when the request named no operation of the simulator. */
  readonly operation: string;
  /** The first instance that the request names. */
  readonly instanceId: string | undefined;
  readonly userNames: readonly string[];
  /** `OK`, the code of the error, or the name of the fault (`reset`, `hang`, `html` …). */
  readonly code: string;
  /** 0 when no status was sent. */
  readonly httpStatus: number;
}

export const UNKNOWN_OPERATION = 'unknown';

/** The calls so far. Counters are always kept, single calls only on request. */
export class Requests {
  readonly #record: boolean;
  /** Maps operation and outcome to the number of calls. */
  readonly #counts = new Map<string, Map<string, number>>();
  #recent: RequestRecord[] = [];
  #inFlight = 0;
  #maxInFlight = 0;

  /** @param record whether to keep every call until `clear` */
  constructor(record: boolean) {
    this.#record = record;
  }

  /**
   * Number of calls so far that were answered or are held for ever. The filter selects one operation, one
   * outcome, or both.
   */
  count(of: { readonly operation?: string; readonly code?: string } = {}): number {
    let sum = 0;
    for (const [operation, outcomes] of this.#counts) {
      if (of.operation !== undefined && of.operation !== operation) continue;
      for (const [code, calls] of outcomes) {
        if (of.code === undefined || of.code === code) sum += calls;
      }
    }
    return sum;
  }

  byOperation(): Readonly<Record<string, number>> {
    return Object.fromEntries(
      [...this.#counts.keys()].map((operation) => [operation, this.count({ operation })]),
    );
  }

  /** Number of calls by outcome: `OK`, an error's code or a fault's name. */
  byCode(): Readonly<Record<string, number>> {
    const codes = new Set([...this.#counts.values()].flatMap((outcomes) => [...outcomes.keys()]));
    return Object.fromEntries([...codes].map((code) => [code, this.count({ code })]));
  }

  /** Every call since the start or the last `clear`, in the order of their answers; empty unless recorded. */
  get recent(): readonly RequestRecord[] {
    return this.#recent;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  get maxInFlight(): number {
    return this.#maxInFlight;
  }

  clear(): void {
    this.#counts.clear();
    this.#recent = [];
    this.#maxInFlight = this.#inFlight;
  }

  /**
   * Counts a call that has arrived.
   *
   * @returns a function to call when the call is over
   */
  begin(): () => void {
    this.#inFlight++;
    this.#maxInFlight = Math.max(this.#maxInFlight, this.#inFlight);
    return () => {
      this.#inFlight--;
    };
  }

  note(record: RequestRecord): void {
    let outcomes = this.#counts.get(record.operation);
    if (outcomes === undefined) {
      outcomes = new Map();
      this.#counts.set(record.operation, outcomes);
    }
    outcomes.set(record.code, (outcomes.get(record.code) ?? 0) + 1);
    if (!this.#record) return;
    const { instanceId, userNames } = record;
    this.#recent.push({
      ...record,
      instanceId: instanceId === undefined ? undefined : detached(instanceId),
      userNames: userNames.map(detached),
    });
  }
}
