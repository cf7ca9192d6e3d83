import { detached } from './detached.ts';

/** One call, as the simulator saw it; nothing secret. */
export interface RequestRecord {
  /** Arrival, in monotonic milliseconds of the clock. */
  readonly time: number;
  /** `unknown` where the request named none of the simulator's operations. */
  readonly operation: string;
  /** The first instance named. */
  readonly instanceId: string | undefined;
  readonly userNames: readonly string[];
  /** `OK`, the code of the error, or the name of the fault (`reset`, `hang`, `html` …). */
  readonly code: string;
  /** 0 where no status was sent. */
  readonly httpStatus: number;
}

/** Operation of the requests that name no operation of the simulator. */
export const UNKNOWN_OPERATION = 'unknown';

/** What has been asked so far: counters always, single calls when wanted. */
export class Requests {
  readonly #record: boolean;
  /** Operation -> outcome -> calls. */
  readonly #counts = new Map<string, Map<string, number>>();
  #recent: RequestRecord[] = [];
  #inFlight = 0;
  #maxInFlight = 0;

  /** @param record whether to keep every call until `clear` */
  constructor(record: boolean) {
    this.#record = record;
  }

  /** Calls answered so far, or made to wait for ever; of one operation, one outcome, or both. */
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

  /** Calls by operation. */
  byOperation(): Readonly<Record<string, number>> {
    return Object.fromEntries(
      [...this.#counts.keys()].map((operation) => [operation, this.count({ operation })]),
    );
  }

  /** Calls by outcome: `OK`, an error's code or a fault's name. */
  byCode(): Readonly<Record<string, number>> {
    const codes = new Set([...this.#counts.values()].flatMap((outcomes) => [...outcomes.keys()]));
    return Object.fromEntries([...codes].map((code) => [code, this.count({ code })]));
  }

  /** Every call since the start or the last `clear`, in the order of their answers; empty unless recorded. */
  get recent(): readonly RequestRecord[] {
    return this.#recent;
  }

  /** Calls waiting for their answer now. */
  get inFlight(): number {
    return this.#inFlight;
  }

  /** The most calls that waited at once. */
  get maxInFlight(): number {
    return this.#maxInFlight;
  }

  /** Forgets counters and calls. */
  clear(): void {
    this.#counts.clear();
    this.#recent = [];
    this.#maxInFlight = this.#inFlight;
  }

  /** A call has arrived; what it returns says that it is over. */
  begin(): () => void {
    this.#inFlight++;
    this.#maxInFlight = Math.max(this.#maxInFlight, this.#inFlight);
    return () => {
      this.#inFlight--;
    };
  }

  /** A call has its outcome. */
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
