import { HOUR, SECOND } from '../../clock.ts';
import { duration, flag, integer, oneOf, positive, section } from '../../input/values.ts';

/** The API's documented maximum. */
const LARGEST_PAGE = 100;

/** Enough for a server on the same machine, such as the simulator. */
const SHORTEST_TIMEOUT = 0.1 * SECOND;

/** Longer than any answer takes; far below 2^31 ms, where timers of the HTTP library overflow. */
const LONGEST_TIMEOUT = HOUR;

const interval = () => duration(SECOND);

const traffic = section({
  enabled: flag().prefault(false).describe("Whether users' traffic is read."),
  interval: interval().prefault('15m').describe('How often traffic is read.'),
});

export const polling = section({
  strategy: oneOf(['auto', 'batched', 'fan-out'])
    .prefault('auto')
    .describe(
      'How to find out who is online: `batched` asks for many users in one call, `fan-out` for one user a call, `auto` batches where that is permitted.',
    ),
  discovery_interval: interval()
    .prefault('10m')
    .describe('How often instances and their limits are looked up.'),
  users_interval: interval()
    .prefault('5m')
    .describe('How often the users of an instance are listed.'),
  online_interval: interval()
    .prefault('30s')
    .describe(
      'How often is asked who is online; a pass that takes longer is followed at once by the next.',
    ),
  sessions_interval: interval()
    .prefault('5m')
    .describe('When to read the sessions of a user again whose count did not change.'),
  traffic: traffic.prefault({}).describe("The reading of users' traffic."),
  stale_after: interval()
    .prefault('15m')
    .describe(
      'How long a stage may go without success before its series disappear, but at least twice its interval plus its last duration.',
    ),
  page_size: integer(1, LARGEST_PAGE).prefault(50).describe('Users asked for in one call.'),
  timeout: duration(SHORTEST_TIMEOUT, LONGEST_TIMEOUT)
    .prefault('10s')
    .describe('How long one API call may take.'),
  concurrency: integer(1).prefault(8).describe('API calls in flight, per account.'),
  requests_per_second: positive()
    .prefault(10)
    .describe('Upper bound of the call budget, per account and operation; fractions allowed.'),
  adaptive: flag()
    .prefault(true)
    .describe('Whether the budget finds and follows the limit of the API below that bound.'),
})
  .prefault({})
  .describe('What is asked of the API and how often; intervals run from start to start.');
