import { ApiError } from '../../model/api-error.ts';

const NO_SUCH_USER = 'ClientUser.NameInvalid';

/** Whether the API said that the user does not exist. Such a user counts as offline. */
export function isMissingUser(error: unknown): boolean {
  return error instanceof ApiError && error.code === NO_SUCH_USER;
}
