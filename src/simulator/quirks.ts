/** The doubtful facts of the API, each a switch: the documents contradict each other or are silent. */
export interface Quirks {
  /** TotalCount of a page: of all pages, or "the number of entries returned" taken literally. */
  readonly totalCount: 'total' | 'page';
  /** Largest page of DescribeSmartAccessGatewayClientUsers; larger ones are cut to it. */
  readonly maxPageSize: number;
  /** The PageSize in the reply when a larger one was asked for. */
  readonly echoedPageSize: 'clamped' | 'requested';
  /**
   * How lists come: `{"Xs":{"X":[…]}}`; the same but a single element bare; `{"Xs":[…]}`; an empty
   * one as `{"Xs":""}`; an empty one not at all.
   */
  readonly lists: 'wrapped' | 'single-as-object' | 'bare' | 'empty-as-string' | 'empty-missing';
  /** Every number of a reply as a string. */
  readonly numbersAsStrings: boolean;
  /** Unit of OnlineTime. */
  readonly onlineTime: 'seconds' | 'milliseconds';
  /**
   * Fields left out of replies: `ClientIp` of every operation,
   * `DescribeUserOnlineClients.ClientIp` of one.
   */
  readonly omit: readonly string[];
  /**
   * Integers as wide as the type Long allows: SmartAGUid with 19 digits, an unlimited
   * AccelerateBandwidth as 2^63 - 1.
   */
  readonly bigIntegers: boolean;
  /** OnlineCount as a number (older samples) instead of a string. */
  readonly countsAsNumbers: boolean;
  /** Name of the lists of statistics. */
  readonly statisticsKey: 'Statistics' | 'statistics';
  /** Answer of DescribeUserOnlineClients about a name that is possible but unknown. */
  readonly unknownUser: 'empty' | 'name-invalid';
  /** Names that DescribeUserOnlineClientStatistics leaves out instead of giving them 0. */
  readonly statisticsOmit: 'unknown' | 'offline' | 'nobody';
}

/** What the documents say most often. */
export const DEFAULT_QUIRKS: Quirks = {
  totalCount: 'total',
  maxPageSize: 100,
  echoedPageSize: 'clamped',
  lists: 'wrapped',
  numbersAsStrings: false,
  onlineTime: 'seconds',
  omit: [],
  bigIntegers: false,
  countsAsNumbers: false,
  statisticsKey: 'Statistics',
  unknownUser: 'empty',
  statisticsOmit: 'unknown',
};

/** The switches in force, changeable while the simulator runs. */
export class QuirkSwitches {
  #current: Quirks;

  constructor(quirks: Partial<Quirks>) {
    this.#current = { ...DEFAULT_QUIRKS, ...quirks };
  }

  get current(): Quirks {
    return this.#current;
  }

  /** Turns some switches; the others stay. */
  set(quirks: Partial<Quirks>): void {
    this.#current = { ...this.#current, ...quirks };
  }

  /** Back to what the documents say most often. */
  reset(): void {
    this.#current = DEFAULT_QUIRKS;
  }
}
