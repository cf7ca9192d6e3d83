/** A quota is a multiple of this many users (price page, ROS ALIYUN::SAG::App). */
const QUOTA_STEP = 5;

/** What the instances of an account have shown about UserCount. All instances of the account share this object. */
export interface UserCountProof {
  /** Whether some instance has proved that UserCount is the number of users. */
  isUsers: boolean;
}

/**
 * Finds out whether UserCount of an instance is its quota or the number of its users: the API's documents
 * disagree. A quota that is used up also equals the number of users. But a quota is a multiple of five and does
 * not change with the number of users. Once an instance of the account has proved that UserCount is the number
 * of users, this also holds for other instances whose UserCount equals their number of users.
 */
export class UserCountEvidence {
  readonly #account: UserCountProof;
  /** Numbers of users that UserCount was equal to. At most two: the second proves that it follows the users. */
  readonly #equalAt: Set<number>;
  #isReported = false;

  /** @param equalAt as an earlier process has found it. @default nothing was compared yet */
  constructor(account: UserCountProof, equalAt: Iterable<number> = []) {
    this.#account = account;
    this.#equalAt = new Set(equalAt);
  }

  /** Numbers of users that UserCount was equal to, as plain data. */
  get equalAt(): readonly number[] {
    return [...this.#equalAt];
  }

  /** True when UserCount is certainly the number of users; then the limit is unknown. */
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
    if (!this.isUsers || this.#isReported) return false;
    this.#isReported = true;
    return true;
  }
}

export const USER_COUNT_DOUBT =
  'UserCount of the API is the number of users, not how many there may be: the limit is unknown. Set users_limit of the instance (accounts[].instances) to have it watched.';
