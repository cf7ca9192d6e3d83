import { given } from '../input/given.ts';
import type {
  AccountConfig,
  Config,
  CredentialsConfig,
  InstanceConfig,
  MetricsConfig,
  PollingConfig,
} from './config.ts';
import { shardIndex } from './host-ordinal.ts';
import type { AccountFile, CredentialsFile, InstanceFile } from './schema/accounts.ts';
import type { ConfigFile } from './schema/schema.ts';

/** Turns the path of a file named in the configuration into one that can be opened. */
type Locate = (path: string) => string;

/** What the words of a file depend on beside it. */
export interface Surroundings {
  readonly locate: Locate;
  readonly hostName: string;
}

/** A file that the schema and the rules let through, in the program's words. */
export function toConfig(file: ConfigFile, { locate, hostName }: Surroundings): Config {
  return {
    accounts: file.accounts.map((account) => toAccount(account, locate)),
    polling: toPolling(file.polling),
    metrics: toMetrics(file.metrics, locate),
    ...given({ proxy: file.proxy }),
    shard: { index: shardIndex(file.shard, hostName), total: file.shard.total },
  };
}

/** An empty list of globs is no wish to watch nothing: `discovery: false` says that. */
const EVERYTHING = ['*'];

function toAccount(account: AccountFile, locate: Locate): AccountConfig {
  const regions = [...new Set(account.regions)];
  return {
    name: account.name,
    credentials: toCredentials(account.credentials, locate),
    ...given({ endpoint: account.endpoint }),
    regions,
    discovery: account.discovery ?? account.instances.length === 0,
    instances: account.instances.map((instance) => toInstance(instance, regions)),
    include: account.include.length > 0 ? account.include : EVERYTHING,
    exclude: account.exclude,
  };
}

function toInstance(instance: InstanceFile, regions: readonly string[]): InstanceConfig {
  const region = instance.region ?? regions[0];
  if (region === undefined) throw new TypeError('a rule lets no instance through without a region');
  return { id: instance.id, region, ...given({ usersLimit: instance.users_limit }) };
}

function toCredentials(file: CredentialsFile | undefined, locate: Locate): CredentialsConfig {
  if (file === undefined) return { kind: 'chain' };
  const role = given({ roleArn: file.role_arn, stsEndpoint: file.sts_endpoint });
  if (file.access_key_id === undefined) return { kind: 'chain', ...role };
  return {
    kind: 'static',
    accessKeyId: file.access_key_id,
    ...toSecret(file, locate),
    ...given({ securityToken: file.security_token }),
    ...role,
  };
}

function toSecret({ access_key_secret, access_key_secret_file }: CredentialsFile, locate: Locate) {
  if (access_key_secret !== undefined) return { accessKeySecret: access_key_secret };
  if (access_key_secret_file !== undefined) {
    return { accessKeySecretFile: locate(access_key_secret_file) };
  }
  throw new TypeError('a rule lets no credentials through without a secret');
}

function toPolling(polling: ConfigFile['polling']): PollingConfig {
  return {
    strategy: polling.strategy,
    discoveryInterval: polling.discovery_interval,
    usersInterval: polling.users_interval,
    onlineInterval: polling.online_interval,
    sessionsInterval: polling.sessions_interval,
    traffic: polling.traffic,
    staleAfter: polling.stale_after,
    pageSize: polling.page_size,
    timeout: polling.timeout,
    concurrency: polling.concurrency,
    requestsPerSecond: polling.requests_per_second,
    adaptive: polling.adaptive,
  };
}

function toMetrics(metrics: ConfigFile['metrics'], locate: Locate): MetricsConfig {
  const key = metrics.hash_key_file;
  return {
    detail: metrics.detail,
    userName: metrics.user_name,
    ...given({ hashKeyFile: key === undefined ? undefined : locate(key) }),
    userMail: metrics.user_mail,
    sessionAge: metrics.session_age,
    maxUserSeries: metrics.max_user_series,
  };
}
