import { z } from 'zod';
import { DENIED_KINDS, ERROR_KINDS } from '../../model/api-error.ts';
import { amount, count, error, section, stage, time } from './schema-parts.ts';

const operation = section({
  operation: z.string().describe('The API action.'),
  allowedPerSecond: amount().describe('Calls a second now allowed.'),
  configuredPerSecond: amount().describe('Calls a second by `polling.requests_per_second`.'),
  calls: count().describe('Calls made since the exporter started, each retry counted.'),
  throttled: count().describe('Those that the API refused because of flow control.'),
  pausedUntil: time()
    .optional()
    .describe('End of a pause that the API asked for; absent without such a pause.'),
});

const region = section({
  regionId: z.string().describe('Region; empty for finding out which there are.'),
  discovery: stage.describe('How its discovery fares.'),
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
  regionId: z.string().describe('Region concerned.'),
  instanceId: z.string().optional().describe('Instance concerned; absent for the whole region.'),
  severity: z
    .enum(['info', 'warning'])
    .describe(
      '`info`: totals are missing, which is harmless. `warning`: users are asked one by one.',
    ),
  text: z.string().describe('What is missing, and what the exporter does instead.'),
});

const skippedRegion = section({
  regionId: z.string().describe('Region.'),
  name: z.string().optional().describe("Its name in the API's list, in Chinese; absent without."),
  reason: z.string().describe('Why it is skipped.'),
});

export const account = section({
  name: z.string().describe('Name of the account.'),
  up: z.boolean().describe('As `sag_app_account_up`.'),
  paused: error.optional().describe('Why its polling is paused; absent while it is not.'),
  fallbacks: z
    .array(z.string())
    .describe('Batched operations that are missing in some region or for some instance.'),
  fallbackPlaces: z
    .array(fallbackPlace)
    .describe('The regions and instances where a batched operation is missing, and the reason.'),
  operations: z.array(operation).describe('Its budget, by operation.'),
  regions: z.array(region).describe('Where its instances are looked for.'),
  skippedRegions: z
    .array(skippedRegion)
    .describe("Regions of the API's list in which instances are not looked for."),
});
