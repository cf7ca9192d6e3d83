import { type CamelKeys, camelKeys } from './camel-keys.ts';
import { deepFreeze } from './freeze.ts';
import { shardIndex } from './host-ordinal.ts';
import type { ConfigFile } from './schema/schema.ts';

/**
 * The configuration as the program uses it: the configuration file with its keys in camelCase, its defaults
 * filled in and its durations in milliseconds. The schema describes each key.
 */
export type Config = ReturnType<typeof toConfig>;

/** One Alibaba Cloud account and which of its instances are watched. */
export type AccountConfig = Config['accounts'][number];

/**
 * Converts a file that has passed the schema and the rules.
 *
 * @param locate turns the path of a file that the configuration names into one that can be opened
 */
export function toConfig(
  file: ConfigFile,
  { locate, hostName }: { readonly locate: (path: string) => string; readonly hostName: string },
) {
  const config = camelKeys(file, locate);
  return deepFreeze({
    ...config,
    accounts: config.accounts.map(completeAccount),
    shard: { ...config.shard, index: shardIndex(file.shard, hostName) },
  });
}

type Account = CamelKeys<ConfigFile>['accounts'][number];

/** Fills in the defaults that depend on other keys of the account. */
function completeAccount(account: Account) {
  const { credentials, discovery, instances, regions } = account;
  return {
    ...account,
    credentials: completeCredentials(credentials),
    discovery: discovery ?? instances.length === 0,
    instances: instances.map((instance) => {
      const region = instance.region ?? regions[0];
      if (region === undefined) throw new TypeError('a rule refuses an instance without a region');
      return { ...instance, region };
    }),
  };
}

/** Without a key in the file, Alibaba Cloud's default chain finds one. */
function completeCredentials(credentials: Account['credentials'] = {}) {
  const { accessKeyId, ...others } = credentials;
  if (accessKeyId === undefined) return { kind: 'chain' as const, ...others };
  return { kind: 'static' as const, accessKeyId, ...others };
}
