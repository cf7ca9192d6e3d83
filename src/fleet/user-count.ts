/** A quota is a multiple of this many users (price page, ROS ALIYUN::SAG::App). */
const QUOTA_STEP = 5;

/**
 * Finds out whether UserCount of an instance is its quota or the number of its users: the documents of the
 * API differ. A quota that is used up equals the number of users as well. But it is a multiple of five, and
 * it does not follow when that number changes.
 */
export class UserCountEvidence {
  readonly #equalAt = new Set<number>();
  #isUsers = false;

  /** Whether UserCount is certainly the number of users, so that the limit is unknown. */
  get isUsers(): boolean {
    return this.#isUsers;
  }

  /**
   * @param userCount undefined while unknown, as `users`
   * @returns true only when this comparison settles that UserCount is the number of users
   */
  compare(userCount: number | undefined, users: number | undefined): boolean {
    if (this.#isUsers || userCount === undefined || userCount !== users) return false;
    this.#equalAt.add(users);
    this.#isUsers = users % QUOTA_STEP !== 0 || this.#equalAt.size > 1;
    return this.#isUsers;
  }
}

/** What is said of a UserCount that turned out to be the number of users. */
export const USER_COUNT_DOUBT =
  'UserCount of the API is the number of users, not how many there may be: the limit is unknown. Set users_limit of the instance (accounts[].instances) to have it watched.';
