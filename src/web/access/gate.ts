import type { RequestListener, ServerResponse } from 'node:http';
import { lifetimeOf } from '../../http/lifetime.ts';
import type { Log } from '../../log.ts';
import { type Compare, Passwords } from './passwords.ts';
import type { PolicySource, RateLimit } from './policy.ts';
import { RateLimiter } from './rate-limiter.ts';

export interface GateOptions {
  readonly policy: PolicySource;
  readonly log: Log;
  /** The monotonic clock, in milliseconds. */
  readonly monotonic: () => number;
  readonly compare?: Compare;
}

/**
 * Decorates the app: checks every request on every path, in the order of the exporter toolkit. The rate limit
 * comes first, then the headers are set, then the password is checked.
 */
export function guarded(app: RequestListener, options: GateOptions): RequestListener {
  const gate = new Gate(app, options);
  return (request, response) => {
    gate.pass(request, response).catch((error: unknown) => {
      options.log.error({ err: error, path: request.url }, 'a request could not be checked');
      if (response.headersSent) response.destroy();
      else refuse(response, 500, 'Internal error');
    });
  };
}

class Gate {
  readonly #app: RequestListener;
  readonly #options: GateOptions;
  readonly #passwords: Passwords;
  #limiter: RateLimiter | undefined;

  constructor(app: RequestListener, options: GateOptions) {
    this.#app = app;
    this.#options = options;
    this.#passwords = new Passwords(options.compare);
  }

  async pass(...[request, response]: Parameters<RequestListener>): Promise<void> {
    const { policy } = this.#options;
    await policy.refresh();
    if (lifetimeOf(response).isOver) return;
    const { headers, users, rateLimit } = policy.current;
    if (!this.#hasToken(rateLimit)) {
      refuse(response, 429, 'Too Many Requests');
      return;
    }
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    if (users.size > 0) {
      const lifetime = lifetimeOf(response);
      const verdict = await this.#passwords.check(request.headers.authorization, users, lifetime);
      if (lifetime.isOver) return;
      if (verdict === 'wrong') {
        // A client without a valid password must not keep a connection open either.
        refuse(response, 401, 'Unauthorized', {
          'WWW-Authenticate': 'Basic',
          Connection: 'close',
        });
        return;
      }
      if (verdict === 'busy') {
        refuse(response, 503, 'Too many passwords are being checked', { 'Retry-After': '1' });
        return;
      }
    }
    this.#app(request, response);
  }

  #hasToken(limit: RateLimit | undefined): boolean {
    if (!limit) {
      this.#limiter = undefined;
      return true;
    }
    const { interval, burst } = this.#limiter?.limit ?? {};
    if (!this.#limiter || interval !== limit.interval || burst !== limit.burst) {
      this.#limiter = new RateLimiter(limit, this.#options.monotonic);
    }
    return this.#limiter.take();
  }
}

function refuse(
  response: ServerResponse,
  status: number,
  text: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.statusCode = status;
  response.setHeader('Content-Type', 'text/plain; charset=utf-8');
  response.setHeader('X-Content-Type-Options', 'nosniff');
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  response.end(`${text}\n`);
}
