/** A quota is a multiple of this many users (price page, ROS ALIYUN::SAG::App). */
const QUOTA_STEP = 5;

/** What any instance of an account has shown of UserCount; all of them share it. */
export interface UserCountProof {
  /** Whether UserCount was the number of users where it could not be a quota. */
  isUsers: boolean;
}

/**
 * Finds out whether UserCount of an instance is its quota or the number of its users: the documents of the
 * API differ. A quota that is used up equals the number of users as well. But it is a multiple of five, and
 * it does not follow when that number changes. Where one instance of the account shows that UserCount is
 * the number of users, a UserCount of another instance that equals its users is no quota either.
 */
export class UserCountEvidence {
  readonly #account: UserCountProof;
  /** Numbers of users that UserCount equalled: at most two, as a second one is proof. */
  readonly #equalAt = new Set<number>();
  #isTold = false;

  constructor(account: UserCountProof) {
    this.#account = account;
  }

  /** Whether UserCount is certainly the number of users, so that the limit is unknown. */
  get isUsers(): boolean {
    return this.#account.isUsers && this.#equalAt.size > 0;
  }

  /**
   * @param userCount undefined while unknown, as `users`
   * @returns true only when this comparison is the first to show that UserCount is the number of users
   */
  compare(userCount: number | undefined, users: number | undefined): boolean {
    if (userCount === undefined || userCount !== users) return false;
    if (this.#equalAt.size < 2) this.#equalAt.add(users);
    if (users % QUOTA_STEP !== 0 || this.#equalAt.size > 1) this.#account.isUsers = true;
    if (!this.isUsers || this.#isTold) return false;
    this.#isTold = true;
    return true;
  }
}

/** What is said of a UserCount that turned out to be the number of users. */
export const USER_COUNT_DOUBT =
  'UserCount of the API is the number of users, not how many there may be: the limit is unknown. Set users_limit of the instance (accounts[].instances) to have it watched.';
