import type { z } from 'zod';
import { accountRules, accounts } from './accounts.ts';
import { metrics, metricsRules } from './metrics.ts';
import { polling } from './polling.ts';
import type { Rule } from './rule.ts';
import { shard, shardRules } from './shard.ts';
import { proxyUrl, section } from './values.ts';

/**
 * The whole configuration file, in its own words: every key with its default and its meaning.
 * Documentation reads it as JSON Schema: `z.toJSONSchema(configFile, { io: 'input' })`.
 */
export const configFile = section({
  accounts,
  polling,
  metrics,
  proxy: proxyUrl()
    .optional()
    .describe('HTTP proxy for API calls; by default HTTPS_PROXY and NO_PROXY decide.'),
  shard,
});

/** A configuration file with its defaults filled in; durations are in milliseconds. */
export type ConfigFile = z.output<typeof configFile>;

/** What holds between the keys of the file. */
const configRules: readonly Rule[] = [...accountRules, ...metricsRules, ...shardRules];

export const CONFIG_FORMAT = { schema: configFile, rules: configRules };
