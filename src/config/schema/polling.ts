import { HOUR, SECOND } from '../../clock.ts';
import { duration, flag, integer, oneOf, positive, section } from '../../input/values.ts';

/** The API's documented maximum. */
const LARGEST_PAGE = 100;

/** A server on the same machine, such as the simulator, answers within this time. */
const SHORTEST_TIMEOUT = 0.1 * SECOND;

/** Maximum timeout. No answer takes as long. Timers of the HTTP library overflow at 2^31 ms, far above this. */
const LONGEST_TIMEOUT = HOUR;

const interval = () => duration(SECOND);

const traffic = section({
  enabled: flag().prefault(false).describe('Whether the traffic of users is read.'),
  interval: interval().prefault('15m').describe('How often traffic is read.'),
});

export const polling = section({
  strategy: oneOf(['auto', 'batched', 'fan-out'])
    .prefault('auto')
    .describe(
      'How to find out which users are online: `batched` asks for many users in one call, `fan-out` asks for one user in each call, `auto` batches where that is permitted.',
    ),
  discovery_interval: interval()
    .prefault('10m')
    .describe('How often instances and their limits are discovered.'),
  users_interval: interval()
    .prefault('5m')
    .describe('How often the users of an instance are listed.'),
  online_interval: interval()
    .prefault('30s')
    .describe(
      'How often to ask which users are online; when a pass takes longer, the next one begins at once.',
    ),
  sessions_interval: interval()
    .prefault('5m')
    .describe('How often to read the sessions of a user again while their number does not change.'),
  traffic: traffic.prefault({}).describe('The traffic stage.'),
  stale_after: interval()
    .prefault('15m')
    .describe(
      'The series of a stage disappear when this time has passed without a successful pass, but not before twice its interval plus the duration of its last pass.',
    ),
  page_size: integer(1, LARGEST_PAGE)
    .prefault(50)
    .describe('Maximum number of users in one answer of the API.'),
  timeout: duration(SHORTEST_TIMEOUT, LONGEST_TIMEOUT)
    .prefault('10s')
    .describe('Maximum duration of one API call.'),
  concurrency: integer(1)
    .prefault(8)
    .describe('Maximum number of API calls in flight, per account.'),
  requests_per_second: positive()
    .prefault(10)
    .describe('Upper bound of the call budget, per account and operation; fractions are allowed.'),
  adaptive: flag()
    .prefault(true)
    .describe(
      'Whether the budget finds and follows the limit of the API below `requests_per_second`.',
    ),
})
  .prefault({})
  .describe(
    'What the API is asked, and how often; an interval runs from the start of a pass to the start of the next.',
  );
