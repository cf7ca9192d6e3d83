import { HIDDEN } from '../input/describe-value.ts';
import type { Environment } from '../input/environment.ts';
import { isMapping } from '../input/path.ts';
import type { Finding } from '../input/problem.ts';
import { REGION, REGION_EXPECTED } from '../input/values.ts';
import { DEFAULT_ACCOUNT } from './schema/accounts.ts';

const VARIABLE = 'ALIBABA_CLOUD_REGION_ID';

/** Fills in the region of ALIBABA_CLOUD_REGION_ID in every account without regions. */
export function withDefaultRegion(
  file: unknown,
  env: Environment,
): { readonly value: unknown; readonly findings: readonly Finding[] } {
  const region = env[VARIABLE]?.trim();
  if (!region || !isMapping(file)) return { value: file, findings: [] };
  const accounts = file['accounts'] ?? [DEFAULT_ACCOUNT];
  if (!Array.isArray(accounts) || accounts.every(hasRegions)) return { value: file, findings: [] };
  if (!REGION.test(region)) {
    const expected = `${REGION_EXPECTED} in the environment variable ${VARIABLE}`;
    return { value: file, findings: [{ path: ['accounts'], expected, got: HIDDEN }] };
  }
  const filled = accounts.map((account) =>
    hasRegions(account) ? account : { ...account, regions: [region] },
  );
  return { value: { ...file, accounts: filled }, findings: [] };
}

/** True also for a value that is not an account, because the schema reports it. */
function hasRegions(account: unknown): boolean {
  if (!isMapping(account)) return true;
  const regions = account['regions'];
  return regions !== undefined && !(Array.isArray(regions) && regions.length === 0);
}
