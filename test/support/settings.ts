import { camelKeys } from '../../src/config/camel-keys.ts';
import { configFile } from '../../src/config/schema/schema.ts';

const DEFAULTS = camelKeys(configFile.parse({}), (path) => path);

/** The settings of the sections `polling` and `metrics` of an empty configuration file. */
export const { polling: DEFAULT_POLLING, metrics: DEFAULT_METRICS } = DEFAULTS;
