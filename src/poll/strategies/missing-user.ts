import { ApiError } from '../../model/api-error.ts';

/** What DescribeUserOnlineClients and its statistics answer about a user who does not exist. */
const NO_SUCH_USER = 'ClientUser.NameInvalid';

/** Whether the API said that a user asked about does not exist; such a user is offline. */
export function isMissingUser(error: unknown): boolean {
  return error instanceof ApiError && error.code === NO_SUCH_USER;
}
