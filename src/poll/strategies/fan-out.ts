import { ApiError } from '../../model/api-error.ts';
import type { Session } from '../../model/session.ts';
import type { Client } from '../../smartag/operation.ts';
import { describeUserOnlineClients } from '../../smartag/operations/describe-user-online-clients.ts';
import { type AskEachResult, askEach } from './ask-each.ts';
import { isMissingUser } from './missing-user.ts';

export interface FanOutOptions {
  readonly client: Client;
  readonly regionId: string;
  readonly instanceId: string;
  readonly userNames: readonly string[];
  readonly parallel: number;
  /** Called with the share of users who have answers, 0 to 1. */
  readonly onProgress: (share: number) => void;
  /**
   * Whether a user was online when the API was last asked. An answer without sessions for such a user is
   * believed only when a second answer agrees.
   *
   * @default no user was online
   */
  readonly wasOnline?: (userName: string) => boolean;
  readonly onAnswer?: (userName: string, sessions: readonly Session[]) => void;
}

const OFFLINE: readonly Session[] = [];

/**
 * A longer list of one user's sessions is rejected as malformed, because a person has only a handful of
 * devices.
 */
const MOST_SESSIONS = 1000;

/**
 * Reads the sessions of users with one call for each. A user who does not exist any more has no sessions.
 *
 * @throws the same as askEach
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
 * Reads the sessions of one user. A user who does not exist any more has no sessions.
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
