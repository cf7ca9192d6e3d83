/** Quotas are sold in steps of so many users (price page, ROS ALIYUN::SAG::App). */
const QUOTA_STEP = 5;

/**
 * Finds out whether UserCount of an instance is its quota or, as some documents of the API say, the
 * number of its users: a quota that is used up equals that number, too, but only at one number of users,
 * and is a multiple of five.
 */
export class UserCountEvidence {
  readonly #equalAt = new Set<number>();
  #isUsers = false;

  /** Whether UserCount is the number of users, and tells nothing of the limit. */
  get isUsers(): boolean {
    return this.#isUsers;
  }

  /** @returns whether this settles that UserCount is the number of users */
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
