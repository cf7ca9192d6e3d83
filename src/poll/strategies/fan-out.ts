import { ApiError } from '../../model/api-error.ts';
import type { Session } from '../../model/session.ts';
import type { Client } from '../../smartag/operation.ts';
import { describeUserOnlineClients } from '../../smartag/operations/describe-user-online-clients.ts';
import { type AskEachResult, askEach } from './ask-each.ts';
import { isMissingUser } from './missing-user.ts';

/** Whom to ask about. */
export interface FanOutOptions {
  readonly client: Client;
  readonly regionId: string;
  readonly instanceId: string;
  readonly userNames: readonly string[];
  /** Users asked about at once. */
  readonly parallel: number;
  /** Told the share of users asked about. */
  readonly onProgress: (share: number) => void;
  /**
   * Whether a user was online when the API was last asked. An answer that nothing is left of that is
   * believed only when a second one says the same.
   *
   * @default nobody was
   */
  readonly wasOnline?: (userName: string) => boolean;
  /** Told each user's sessions as they arrive. */
  readonly onAnswer?: (userName: string, sessions: readonly Session[]) => void;
}

const OFFLINE: readonly Session[] = [];

/** Sessions of a user that are taken: people have a handful of devices. */
const MOST_SESSIONS = 1000;

/**
 * The sessions of users, each asked about singly; a user who does not exist any more has none.
 *
 * @throws as askEach
 */
export function fanOut(
  options: FanOutOptions,
  signal: AbortSignal,
): Promise<AskEachResult<string, readonly Session[]>> {
  const { userNames, parallel, onProgress, onAnswer } = options;
  return askEach({
    subjects: userNames,
    ask: async (userName) => {
      const sessions = await sessionsOf(options, userName, signal);
      onAnswer?.(userName, sessions);
      return sessions;
    },
    parallel,
    onProgress,
  });
}

/**
 * The sessions of one user; a user who does not exist any more has none.
 *
 * @throws ApiError
 */
export async function sessionsOf(
  options: Pick<FanOutOptions, 'client' | 'regionId' | 'instanceId' | 'wasOnline'>,
  userName: string,
  signal: AbortSignal,
): Promise<readonly Session[]> {
  const { client, regionId, instanceId, wasOnline } = options;
  const ask = (): Promise<readonly Session[]> =>
    client.call(describeUserOnlineClients, { regionId, instanceId, userName }, signal);
  try {
    let sessions = await ask();
    if (sessions.length === 0 && wasOnline?.(userName)) sessions = await ask();
    if (sessions.length <= MOST_SESSIONS) return sessions;
    throw new ApiError({
      kind: 'malformed',
      operation: describeUserOnlineClients.name,
      detail: `more than ${MOST_SESSIONS} sessions of one user`,
    });
  } catch (error) {
    if (isMissingUser(error)) return OFFLINE;
    throw error;
  }
}
