import { type Clock, MINUTE } from '../clock.ts';
import type { Log } from '../log.ts';
import type { ApiError } from '../model/api-error.ts';

/** Pauses with shorter gaps between them mean that the API accepts the credentials only now and then. */
const QUIET = 5 * MINUTE;

/**
 * Logs each pause of an account and its end. When pauses follow each other quickly, only the first two are
 * logged, until there has been no pause for a while.
 */
export class PauseLog {
  readonly #clock: Clock;
  readonly #log: Log;
  #lastChange = Number.NEGATIVE_INFINITY;
  #pausesInARow = 0;
  /** Whether polling has resumed although the newest line of the log says that it is paused. */
  #owesResume = false;

  /** @param log names the account */
  constructor(clock: Clock, log: Log) {
    this.#clock = clock;
    this.#log = log;
  }

  paused(error: ApiError): void {
    if (this.#hasBeenQuiet()) this.#pausesInARow = 0;
    this.#pausesInARow++;
    this.#lastChange = this.#clock.monotonic();
    this.#owesResume = false;
    if (this.#pausesInARow > 2) return;
    const { operation, code, requestId } = error;
    const again = this.#pausesInARow === 2 ? ' (again; the next pauses are not logged)' : '';
    this.#log.error(
      { operation, code, requestId },
      `polling is paused until the credentials are accepted${again}: ${error.message}`,
    );
  }

  resumed(): void {
    const isQuiet = this.#hasBeenQuiet();
    this.#lastChange = this.#clock.monotonic();
    this.#owesResume = true;
    if (isQuiet || this.#pausesInARow === 1) this.#logResume();
  }

  succeeded(): void {
    if (this.#owesResume && this.#hasBeenQuiet()) this.#logResume();
  }

  #logResume(): void {
    this.#owesResume = false;
    this.#log.info('the credentials are accepted; polling resumes');
  }

  #hasBeenQuiet(): boolean {
    return this.#clock.monotonic() - this.#lastChange >= QUIET;
  }
}
