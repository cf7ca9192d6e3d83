import { list, oneOf } from '../../../input/values.ts';
import { EXPIRED_CODES, UNKNOWN_INSTANCE_CODES } from '../../gateway/errors.ts';
import { EXTRA_REGIONS } from '../../world/regions.ts';
import { choice, quirk, toggle } from './quirk.ts';

export const INSTANCE_QUIRKS = {
  totals: choice(['counted', 'zero', 'gone'], {
    live: 'gone',
    does: 'DescribeSagOnlineClientStatistics counts the clients; or always answers 0; or no longer exists (InvalidApi.NotFound).',
    source:
      'the skill lists the operation as unavailable; every Chinese sample of its page says 0; the current pages still have it',
    certainty: 'medium',
  }),
  totalsWithoutIds: choice(['region', 'none'], {
    does: 'DescribeSagOnlineClientStatistics without ids counts all instances of the region, or none.',
    source: 'the parameter is optional, and no page says what a call without it means',
    certainty: 'low',
  }),
  regions: quirk({
    takes: list(oneOf(EXTRA_REGIONS)),
    byDefault: [],
    live: ['newer', 'closed', 'internal'],
    does: 'DescribeRegions lists more regions than the documented ones: `newer` regions in use; a region that is `closed` or for `internal` tests, as its LocalName says; an `unmarked` closed region, whose name does not say so; a region with a `foreign` RegionEndpoint.',
    source:
      'the skill names the newer, closed and internal regions; a sample on an older page has endpoints of another product; `unmarked` is a precaution',
    certainty: 'medium',
  }),
  maxBandwidth: choice(['M', ' M', 'Mbps', '', '0M'], {
    live: 'M',
    does: 'MaxBandwidth of 50 Mbit/s: `50M`, `50 M`, `50Mbps`, `50`; or always `0M`.',
    source: 'samples have `10M`, `2M` and `0M`; the other forms are precautions',
    certainty: 'medium',
  }),
  endTime: choice(['milliseconds', 'iso', 'zero', 'empty'], {
    does: 'EndTime is a number of milliseconds, an ISO text, 0 or an empty text.',
    source: 'samples have 0 and empty texts; a template of Alibaba accepts ISO texts too',
    certainty: 'medium',
  }),
  userCount: choice(['limit', 'users'], {
    does: 'UserCount is the quota of users, or the number of users.',
    source:
      'in requests it is the quota; the Java and TypeScript SDKs call it "number of client accounts", and their samples are no quotas on sale',
    certainty: 'medium',
  }),
  hardwareVersion: toggle({
    live: true,
    does: 'Instances have HardwareVersion: `sag-software`, or `sag-100wm` for hardware.',
    source: 'the skill saw it in live replies; the SDKs have the field',
    certainty: 'high',
  }),
  instanceTypeFilter: choice(['obeyed', 'ignored'], {
    does: '`InstanceType=software` leaves hardware out of the list, or has no effect.',
    source: 'the skill never relies on the filter',
    certainty: 'low',
  }),
  expiredInstances: choice(['answered', ...EXPIRED_CODES], {
    live: 'SmartAccessGatewayInArrears',
    does: "Calls about the users of an instance whose EndTime has passed are answered, or refused with a code; then the instance's Status is `arrearage`. `http_status` gives the code another status, such as 400.",
    source:
      '23 older pages list the codes with HTTP 500 or 400, but no page of an operation about users does',
    certainty: 'medium',
  }),
  unknownInstance: choice(UNKNOWN_INSTANCE_CODES, {
    does: 'Code for an unknown instance.',
    source:
      'pages of operations about users have the default; pages of other operations have the other codes',
    certainty: 'medium',
  }),
  newInstances: choice(['known', 'unknown'], {
    does: 'Calls about the users of an instance find it at once, or only 5 seconds after its CreateTime.',
    source: 'public error reports of tools that buy instances',
    certainty: 'medium',
  }),
};
