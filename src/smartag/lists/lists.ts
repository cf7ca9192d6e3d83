import { ApiError } from '../../model/api-error.ts';
import type { Instance } from '../../model/instance.ts';
import type { PagingHabitsData } from '../../model/learned.ts';
import type { User } from '../../model/user.ts';
import type { Client, Operation, Request } from '../operation.ts';
import { describeSmartAccessGatewayClientUsers } from '../operations/describe-smart-access-gateway-client-users.ts';
import {
  describeSmartAccessGateways,
  INSTANCES_PAGE_SIZE,
} from '../operations/describe-smart-access-gateways.ts';
import { ListError, type Listing, type ListOptions, PagingHabits, readList } from './paging.ts';

/** Maximum number of users of an instance that is accepted. Real instances have less than a tenth of it. */
const MOST_USERS = 1_000_000;

/** Maximum number of instances that is accepted, because each instance is polled by itself. */
const MOST_INSTANCES = 10_000;

/**
 * People delete one or a few users at a time. A list that has lost more than this share of its users since the
 * last pass is probably a garbled reply, so it is read once more.
 */
const ORDINARY_LOSS = 1 / 2;

const NO_NAMES: ReadonlySet<string> = new Set();

/**
 * Reads whole lists of an account. It keeps what it learns about the server's paging, so one object serves an
 * account for its lifetime.
 */
export class Lists {
  readonly #client: Client;
  readonly #userHabits: PagingHabits;

  /** @param userPaging what an earlier process has learned */
  constructor(client: Client, userPaging?: PagingHabitsData) {
    this.#client = client;
    this.#userHabits = new PagingHabits(userPaging);
  }

  /** What was learned about the paging of user lists, as plain data. */
  get userPaging(): PagingHabitsData {
    return this.#userHabits.data;
  }

  /**
   * Reads all users of an instance.
   *
   * @throws ApiError; the signal's reason
   */
  users(
    request: {
      readonly regionId: string;
      readonly instanceId: string;
      readonly pageSize: number;
      /** The number of users for which there is room; called for each page. @default MOST_USERS */
      readonly most?: () => number;
      /** Names of users that were known before. @default none */
      readonly known?: ReadonlySet<string>;
      readonly onProgress?: (seen: number, expected: number | undefined) => void;
    },
    signal: AbortSignal,
  ): Promise<Listing<User>> {
    const { regionId, instanceId, pageSize, most, known = NO_NAMES, onProgress } = request;
    return this.#read(describeSmartAccessGatewayClientUsers, {
      fetch: (pageNumber) =>
        this.#client.call(
          describeSmartAccessGatewayClientUsers,
          { regionId, instanceId, pageNumber, pageSize },
          signal,
        ),
      key: (user) => user.name,
      pageSize,
      most: () => Math.min(MOST_USERS, most?.() ?? MOST_USERS),
      loss: (users) => {
        const left = users.filter((user) => known.has(user.name)).length;
        if (known.size - left <= known.size * ORDINARY_LOSS) return undefined;
        return `${known.size} users were known, and ${left} are left`;
      },
      habits: this.#userHabits,
      ...(onProgress && { onProgress }),
    });
  }

  /**
   * Reads the SAG APP instances of a region, or only those with the given ids (at most 50 in a request).
   *
   * @throws ApiError; the signal's reason
   */
  async instances(
    request: {
      readonly regionId: string;
      readonly instanceIds?: readonly string[];
      /** The number of instances that are already watched in other regions. @default 0 */
      readonly others?: number;
      /** Instances that the list should contain, by id, with the details of the last list. */
      readonly known?: ReadonlyMap<string, Instance | undefined>;
      /** As in Request. */
      readonly isTrial?: boolean;
    },
    signal: AbortSignal,
  ): Promise<Listing<Instance>> {
    const { others = 0, known, ...asked } = request;
    return this.#read(describeSmartAccessGateways, {
      fetch: (pageNumber) =>
        this.#client.call(
          describeSmartAccessGateways,
          { ...asked, pageNumber, pageSize: INSTANCES_PAGE_SIZE },
          signal,
        ),
      key: (instance) => instance.id,
      pageSize: INSTANCES_PAGE_SIZE,
      most: () => MOST_INSTANCES - others,
      loss: (items) => known && lossOf(known, items),
      sizePromised: true,
      habits: new PagingHabits(),
    });
  }

  async #read<Item, Req extends Request, Reply>(
    operation: Operation<Req, Reply>,
    options: ListOptions<Item>,
  ): Promise<Listing<Item>> {
    try {
      return await readList(options);
    } catch (error) {
      if (!(error instanceof ListError)) throw error;
      throw new ApiError({
        kind: 'malformed',
        operation: operation.name,
        detail: error.message,
      });
    }
  }
}

/** Fields that the API always sends for an instance after it has sent them once. */
const LASTING_FIELDS = [
  'usersLimit',
  'bandwidthLimit',
  'expiresAt',
] as const satisfies (keyof Instance)[];

function lossOf(
  known: ReadonlyMap<string, Instance | undefined>,
  items: readonly Instance[],
): string | undefined {
  const listed = new Map(items.map((item) => [item.id, item]));
  const lost = [...known].filter(([id, before]) => {
    const now = listed.get(id);
    if (now === undefined) return true;
    // Devices are not watched. So an instance that the list now calls a device is lost too.
    if (now.device !== undefined && before?.device === undefined) return true;
    return LASTING_FIELDS.some(
      (field) => before?.[field] !== undefined && now[field] === undefined,
    );
  });
  if (lost.length === 0) return undefined;
  return `known instances that are not in the list, or have lost fields: ${lost.length}`;
}
