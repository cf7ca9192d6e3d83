import { describe, expect, it } from 'vitest';
import { reportableCode } from '../../../../src/cli/doctor/report/codes.ts';
import { GATEWAY_ERRORS } from '../../../../src/simulator/gateway/gateway-errors.ts';
import { OPERATIONS } from '../../../../src/simulator/operations/index.ts';

/** The codes that reads of the exporter can be answered with. */
const CODES = [
  ...OPERATIONS.filter(({ name }) => name.startsWith('Describe')).flatMap(({ errors }) =>
    Object.keys(errors),
  ),
  ...Object.keys(GATEWAY_ERRORS).filter((code) => !code.includes('<')),
  'MissingRegionId',
  'InvalidUserNames',
  'Throttling.Resource',
  'SubscriptionExpired',
];

describe('the code of an error in a report', () => {
  it.each(CODES)('%s is in the report', (code) => {
    expect(reportableCode(code)).toBe(code);
  });

  it.each([
    'Weifang',
    'li.wei',
    'Aaaaaaaaaa',
    'User.Weifang',
    'sag-7f3k2m9q',
    '',
    '.',
    'User7',
    'not found',
  ])('%j is not, for it may be a value', (code) => {
    expect(reportableCode(code)).toBe('other');
  });
});
