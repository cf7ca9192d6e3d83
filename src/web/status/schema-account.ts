import { z } from 'zod';
import { DENIED_KINDS, ERROR_KINDS } from '../../model/api-error.ts';
import { amount, count, error, section, stage, time } from './schema-parts.ts';

const operation = section({
  operation: z.string().describe('The API action.'),
  allowedPerSecond: amount().describe('Calls per second that are allowed now.'),
  configuredPerSecond: amount().describe(
    'Calls per second that `polling.requests_per_second` allows.',
  ),
  calls: count().describe('Calls since the exporter started, including retries.'),
  throttled: count().describe('Calls that the API throttled.'),
  pausedUntil: time()
    .optional()
    .describe('End of a pause that the API asked for; absent without such a pause.'),
});

const region = section({
  regionId: z.string().describe('Region; empty for the search for regions.'),
  discovery: stage.describe('State of its discovery.'),
});

const fallbackPlace = section({
  operation: z.string().describe('The batched operation.'),
  reason: z
    .enum(DENIED_KINDS)
    .describe(
      DENIED_KINDS.map((kind) => `\`${kind}\`: it ${ERROR_KINDS[kind].denied.predicate}.`).join(
        ' ',
      ),
    ),
  regionId: z.string().describe('Region in which it is missing.'),
  instanceId: z
    .string()
    .optional()
    .describe('Instance for which it is missing; absent for the whole region.'),
  severity: z
    .enum(['info', 'warning'])
    .describe(
      '`info`: totals are missing, which is harmless. `warning`: users are asked one by one.',
    ),
  text: z.string().describe('What is missing, and what the exporter does instead.'),
});

const skippedRegion = section({
  regionId: z.string().describe('Region.'),
  name: z
    .string()
    .optional()
    .describe('Its name in the list of the API, in Chinese; absent without a name.'),
  reason: z.string().describe('Why it is skipped.'),
});

export const account = section({
  name: z.string().describe('Name of the account.'),
  up: z.boolean().describe('As `sag_app_account_up`.'),
  paused: error.optional().describe('Why polling is paused; absent while it is not.'),
  fallbacks: z
    .array(z.string())
    .describe('Batched operations that are missing in a region or for an instance.'),
  fallbackPlaces: z
    .array(fallbackPlace)
    .describe('The regions and instances where a batched operation is missing, and the reason.'),
  operations: z.array(operation).describe('Its budget for each operation.'),
  regions: z.array(region).describe('Regions in which its instances are discovered.'),
  skippedRegions: z
    .array(skippedRegion)
    .describe('Regions in the list of the API that discovery skips.'),
});
