import { flag, list, oneOf } from '../../../input/values.ts';
import { EXPIRED_CODES, UNKNOWN_INSTANCE_CODES } from '../../gateway/errors.ts';
import { EXTRA_REGIONS } from '../../world/regions.ts';
import { quirk } from './quirk.ts';

/** What is told of regions and instances. */
export const INSTANCE_QUIRKS = {
  totals: quirk({
    takes: oneOf(['counted', 'zero', 'gone']),
    byDefault: 'counted',
    live: 'gone',
    does: 'DescribeSagOnlineClientStatistics counts the clients; or always says 0; or is not there any more (InvalidApi.NotFound).',
    source:
      'the skill lists the operation as unavailable; every Chinese sample of its page says 0; the current pages still have it',
    certainty: 'medium',
  }),
  totalsWithoutIds: quirk({
    takes: oneOf(['region', 'none']),
    byDefault: 'region',
    does: 'What DescribeSagOnlineClientStatistics counts without ids: the instances of the region, or none.',
    source: 'the parameter is optional, and no page says what follows',
    certainty: 'low',
  }),
  regions: quirk({
    takes: list(oneOf(EXTRA_REGIONS)),
    byDefault: [],
    live: ['newer', 'closed', 'internal'],
    does: 'Regions that DescribeRegions lists beside the documented ones: `newer` regions in use; one that is `closed` or for `internal` tests, as its LocalName says; a closed one that is `unmarked`; one with a `foreign` RegionEndpoint.',
    source:
      'the skill names the newer, closed and internal ones; the sample of an older page has endpoints of another product; `unmarked` is a precaution',
    certainty: 'medium',
  }),
  maxBandwidth: quirk({
    takes: oneOf(['M', ' M', 'Mbps', '', '0M']),
    byDefault: 'M',
    live: 'M',
    does: 'MaxBandwidth of 50 Mbit/s: `50M`, `50 M`, `50Mbps`, `50`; or `0M`, whatever the bandwidth.',
    source: 'samples have `10M`, `2M` and `0M`; the other forms are precautions',
    certainty: 'medium',
  }),
  endTime: quirk({
    takes: oneOf(['milliseconds', 'iso', 'zero', 'empty']),
    byDefault: 'milliseconds',
    does: 'EndTime is a number of milliseconds, an ISO text, 0 or an empty text.',
    source: 'samples have 0 and empty texts; a template of Alibaba accepts ISO texts too',
    certainty: 'medium',
  }),
  userCount: quirk({
    takes: oneOf(['limit', 'users']),
    byDefault: 'limit',
    does: 'UserCount is the quota of users, or counts the users there are.',
    source:
      'the quota in requests; "number of client accounts" in the Java and TypeScript SDKs, with samples that are no quota one can buy',
    certainty: 'medium',
  }),
  hardwareVersion: quirk({
    takes: flag(),
    byDefault: false,
    live: true,
    does: 'Instances have HardwareVersion: `sag-software`, of hardware `sag-100wm`.',
    source: 'the skill, from live replies; a field of the SDKs',
    certainty: 'high',
  }),
  instanceTypeFilter: quirk({
    takes: oneOf(['obeyed', 'ignored']),
    byDefault: 'obeyed',
    does: 'Whether `InstanceType=software` keeps hardware out of the list.',
    source: 'the skill never relies on it',
    certainty: 'low',
  }),
  expiredInstances: quirk({
    takes: oneOf(['answered', ...EXPIRED_CODES]),
    byDefault: 'answered',
    live: 'SmartAccessGatewayInArrears',
    does: "Calls about the users of an instance whose EndTime has passed are answered, or refused with a code; then the instance's Status is `arrearage`. `http_status` gives the code another status, such as 400.",
    source: 'codes of 23 older pages, with 500 or 400, on none of an operation about users',
    certainty: 'medium',
  }),
  unknownInstance: quirk({
    takes: oneOf(UNKNOWN_INSTANCE_CODES),
    byDefault: 'SAG.InstanceNoFound',
    does: 'Code for an instance that is not there.',
    source:
      'the pages of the operations about users have the default; pages of other operations, the others',
    certainty: 'medium',
  }),
  newInstances: quirk({
    takes: oneOf(['known', 'unknown']),
    byDefault: 'known',
    does: 'Whether calls about the users of an instance know it at once, or only 5 seconds after its CreateTime.',
    source: 'public error reports of tools that buy instances',
    certainty: 'medium',
  }),
};
