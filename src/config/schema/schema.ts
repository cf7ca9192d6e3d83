import type { z } from 'zod';
import type { Format } from '../../input/validate.ts';
import { proxyUrl, section } from '../../input/values.ts';
import { accountRules, accounts } from './accounts.ts';
import { metrics, metricsRules } from './metrics.ts';
import { polling } from './polling.ts';
import { shard, shardRules } from './shard.ts';

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

/** The file, and what holds between its keys. */
export const configFormat: Format<typeof configFile> = {
  schema: configFile,
  rules: [...accountRules, ...metricsRules, ...shardRules],
};
