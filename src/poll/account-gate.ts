import { type Clock, SECOND, sleep } from '../clock.ts';
import { ApiError } from '../model/api-error.ts';
import { linkedSignal, sharedController } from './linked-signal.ts';

const FIRST_PROBE = 5 * SECOND;
const LONGEST_BETWEEN_PROBES = 60 * SECOND;

export interface GateOptions {
  readonly clock: Clock;
  /** Makes one cheap call with the account's credentials. */
  readonly probe: (signal: AbortSignal) => Promise<unknown>;
  readonly onPause: (error: ApiError) => void;
  readonly onResume: () => void;
}

/**
 * Pauses all passes of an account while the API does not accept its credentials, so that a wrong key is not
 * sent once for every user. A probe tries the credentials after 5 s, then after twice as long each time, up to
 * a minute; the passes go on as soon as a probe is accepted.
 */
export class AccountGate {
  readonly #options: GateOptions;
  readonly #closing: AbortSignal;
  #passes = sharedController();
  #opened: Promise<void> | undefined;

  /** @param closing ends the probing at shutdown */
  constructor(options: GateOptions, closing: AbortSignal) {
    this.#options = options;
    this.#closing = closing;
  }

  /**
   * Runs a pass once the gate is open. A pass whose credentials are refused shuts the gate. Then this pass
   * and all other passes of the account end with that error.
   */
  async pass<Result>(
    signal: AbortSignal,
    run: (signal: AbortSignal) => Promise<Result>,
  ): Promise<Result> {
    await this.#whenOpen(signal);
    const linked = linkedSignal(signal, this.#passes.signal);
    try {
      return await run(linked.signal);
    } catch (error) {
      if (error instanceof ApiError && error.policy.trouble === 'account') this.#shut(error);
      throw error;
    } finally {
      linked.unlink();
    }
  }

  async #whenOpen(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (!this.#opened) return;
    let onAbort = (): void => {};
    const aborted = new Promise<never>((_, reject) => {
      onAbort = () => reject(signal.reason);
      signal.addEventListener('abort', onAbort, { once: true });
    });
    try {
      await Promise.race([this.#opened, aborted]);
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  }

  #shut(error: ApiError): void {
    if (this.#opened) return;
    this.#passes.abort(error);
    this.#options.onPause(error);
    this.#opened = this.#probeUntilAccepted().then(
      () => {
        this.#passes = sharedController();
        this.#opened = undefined;
        this.#options.onResume();
      },
      () => {},
    );
  }

  async #probeUntilAccepted(): Promise<void> {
    for (let pause = FIRST_PROBE; ; pause = Math.min(2 * pause, LONGEST_BETWEEN_PROBES)) {
      await sleep(this.#options.clock, pause, this.#closing);
      try {
        await this.#options.probe(this.#closing);
        return;
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        if (error.policy.authenticated) return;
      }
    }
  }
}
