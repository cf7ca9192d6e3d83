// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the example shows how a file refers to variables.

import type { z } from 'zod';
import type { Format } from '../../input/validate.ts';
import { proxyUrl, section } from '../../input/values.ts';
import { accountRules, accounts } from './accounts.ts';
import { history, historyRules } from './history.ts';
import { metrics, metricsRules } from './metrics.ts';
import { polling } from './polling.ts';
import { shard, shardRules } from './shard.ts';

/**
 * The configuration file: every key with its type, its default and its meaning, and an example (as it is
 * written in YAML) where the default does not show how a value looks. Documentation reads the schema as JSON
 * Schema: `z.toJSONSchema(configFile, { io: 'input' })`.
 */
export const configFile = section({
  accounts,
  polling,
  metrics,
  history,
  proxy: proxyUrl().optional().meta({
    description:
      'HTTP proxy for API calls; by default the environment variables HTTPS_PROXY and NO_PROXY decide.',
    example: 'http://${PROXY_USER}:${PROXY_PASSWORD}@proxy:3128',
  }),
  shard,
});

/** A configuration file with its defaults filled in. Durations are in milliseconds. */
export type ConfigFile = z.output<typeof configFile>;

export const configFormat: Format<typeof configFile> = {
  schema: configFile,
  rules: [...accountRules, ...metricsRules, ...historyRules, ...shardRules],
};
