/** The doubtful facts of the API, each a switch: the documents contradict each other or are silent. */
export interface Quirks {
  /** TotalCount of a page: of all pages, or "the number of entries returned" taken literally. */
  readonly totalCount: 'total' | 'page';
  /** Largest page of DescribeSmartAccessGatewayClientUsers. */
  readonly maxPageSize: number;
  /** What becomes of a larger page than allowed: cut to the largest, or refused with InvalidPageSize. */
  readonly largePages: 'cut' | 'refused';
  /** PageSize where none is asked for. */
  readonly defaultPageSize: number;
  /** Name of the page's number in replies; requests may use either. */
  readonly pageField: 'PageNumber' | 'PageNo';
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
  /** What becomes of more than 50 names or ids: refused (InvalidUserNames …), or the rest ignored. */
  readonly largeBatches: 'refused' | 'cut';
  /** What DescribeSagOnlineClientStatistics without ids counts: the region's instances, or none. */
  readonly totalsWithoutIds: 'region' | 'none';
  /** TotalBytes and TotalLeaveBytes as numbers (older samples) instead of strings. */
  readonly bytesAsNumbers: boolean;
  /** Where a month of DescribeUserFlowStatistics begins at midnight. */
  readonly trafficMonth: 'UTC' | 'Asia/Shanghai';
  /** ClientIp of a user who has no address. */
  readonly noAddress: 'absent' | 'empty';
  /** IsStaticIp as 0 and 1, or as false and true (one page's sample). */
  readonly staticIp: 'number' | 'boolean';
  /** MaxBandwidth: `50M`, `50 M`, `50Mbps`, `50`. */
  readonly maxBandwidth: 'M' | ' M' | 'Mbps' | '';

  /** Format where none is asked for: the product's page says JSON, the general one XML. */
  readonly defaultFormat: 'JSON' | 'XML';
  /** Root element of XML replies: with or without `Response` behind the operation's name. */
  readonly xmlRoot: 'response' | 'operation';
  /** What a denial is called; the operations of STS keep to NoPermission. */
  readonly denial: 'Forbidden' | 'Forbidden.RAM' | 'NoPermission';
  /** Denials tell in AccessDeniedDetail who was denied what. */
  readonly accessDeniedDetail: boolean;
  /** A missing parameter: MissingRegionId with 400, or MissingParameter with 403 (both documented). */
  readonly missingParameter: 'named' | 'general';
  /** Status of errors, by code, in place of the one documented. */
  readonly httpStatus: Readonly<Record<string, number>>;
  /** Host of the link in Recommend; '' leaves Recommend out. */
  readonly recommendHost: string;
}

/** What the documents say most often. */
export const DEFAULT_QUIRKS: Quirks = {
  totalCount: 'total',
  maxPageSize: 100,
  largePages: 'cut',
  defaultPageSize: 10,
  pageField: 'PageNumber',
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
  largeBatches: 'refused',
  totalsWithoutIds: 'region',
  bytesAsNumbers: false,
  trafficMonth: 'UTC',
  noAddress: 'absent',
  staticIp: 'number',
  maxBandwidth: 'M',
  defaultFormat: 'JSON',
  xmlRoot: 'response',
  denial: 'Forbidden',
  accessDeniedDetail: false,
  missingParameter: 'named',
  httpStatus: {},
  recommendHost: 'api.aliyun.com',
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
