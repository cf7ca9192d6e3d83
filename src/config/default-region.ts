import type { Environment } from '../input/environment.ts';
import { HIDDEN } from '../input/got.ts';
import { isMapping } from '../input/path.ts';
import type { Finding } from '../input/problem.ts';
import { REGION, REGION_EXPECTED } from '../input/values.ts';
import { DEFAULT_ACCOUNT } from './schema/accounts.ts';

const VARIABLE = 'ALIBABA_CLOUD_REGION_ID';

/** A file with the environment's region, if there is one, in every account that gives none. */
export function withDefaultRegion(
  file: unknown,
  env: Environment,
): { readonly value: unknown; readonly findings: readonly Finding[] } {
  const region = env[VARIABLE]?.trim();
  if (!region || !isMapping(file)) return { value: file, findings: [] };
  const accounts = file['accounts'] ?? [DEFAULT_ACCOUNT];
  if (!Array.isArray(accounts) || accounts.every(givesRegions))
    return { value: file, findings: [] };
  if (!REGION.test(region)) {
    const expected = `${REGION_EXPECTED} in the environment variable ${VARIABLE}`;
    return { value: file, findings: [{ path: ['accounts'], expected, got: HIDDEN }] };
  }
  const filled = accounts.map((account) =>
    givesRegions(account) ? account : { ...account, regions: [region] },
  );
  return { value: { ...file, accounts: filled }, findings: [] };
}

/** What is no account at all is left to the schema. */
function givesRegions(account: unknown): boolean {
  if (!isMapping(account)) return true;
  const regions = account['regions'];
  return regions !== undefined && !(Array.isArray(regions) && regions.length === 0);
}
