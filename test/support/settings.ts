import { camelKeys } from '../../src/config/camel-keys.ts';
import { configFile } from '../../src/config/schema/schema.ts';
import type { AccountSettings } from '../../src/poll/settings.ts';

const DEFAULTS = camelKeys(configFile.parse({}), (path) => path);

/** The settings of the sections `polling` and `metrics` of an empty configuration file. */
export const { polling: DEFAULT_POLLING, metrics: DEFAULT_METRICS } = DEFAULTS;

/** An account all of whose instances are discovered, in every region. */
export const DISCOVERING = {
  regions: [],
  discovery: true,
  instances: [],
  include: ['*'],
  exclude: [],
} as const satisfies Omit<AccountSettings, 'name'>;
