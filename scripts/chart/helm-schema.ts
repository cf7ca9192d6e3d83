import { z } from 'zod';
import { configFile } from '../../src/config/schema/schema.ts';
import { chartValues } from './values-schema.ts';

type Schema = z.core.JSONSchema.BaseSchema;

/** A variable in the place of a value: what it holds is checked when the exporter starts. */
const VARIABLE: Schema = { type: 'string', pattern: '\\$\\{' };

/**
 * The chart's values.schema.json: its own values, and in `config` the exporter's configuration with
 * every key, so that a mistake in either is refused before anything is installed.
 */
export function helmSchema(): Schema {
  const { properties = {}, ...rest } = withoutRemovable(asJsonSchema(chartValues));
  const { shard, ...ownConfig } = asJsonSchema(configFile).properties ?? {};
  if (shard === undefined) throw new Error('the configuration has no key "shard" to leave out');
  const config: Schema = {
    type: 'object',
    properties: {
      ...Object.fromEntries(Object.entries(ownConfig).map(([key, one]) => [key, forHelm(one)])),
      // Refused by the chart itself, with the reason.
      shard: {},
    },
    additionalProperties: false,
  };
  return {
    ...rest,
    title: 'Values of the sag-app-exporter chart',
    properties: { ...properties, config },
  };
}

/** Every Helm 3 reads draft 7. */
function asJsonSchema(schema: z.ZodType): Schema {
  return z.toJSONSchema(schema, { io: 'input', target: 'draft-7' });
}

/**
 * Keeps of `required` only the values that the chart cannot do without. All of them have defaults in
 * values.yaml; Helm removes a default that is overwritten with `null`. A list, a mapping or a section of
 * optional keys is empty then, but a scalar would be missing in what is rendered.
 */
function withoutRemovable({ required = [], properties, ...rest }: Schema): Schema {
  if (!properties) return rest;
  const own = Object.entries(properties).map(
    ([key, one]) =>
      [
        key,
        typeof one === 'boolean' || !required.includes(key) ? one : withoutRemovable(one),
      ] as const,
  );
  const needed = own.filter(([key, one]) => required.includes(key) && isNeeded(one));
  return {
    ...rest,
    properties: Object.fromEntries(own),
    ...(needed.length > 0 && { required: needed.map(([key]) => key) }),
  };
}

function isNeeded(schema: z.core.JSONSchema._JSONSchema): boolean {
  if (typeof schema === 'boolean') return false;
  if (schema.type === 'object') return schema.required !== undefined;
  return schema.type !== undefined && schema.type !== 'array';
}

/** The schema of a key as it is written in values: perhaps as a variable, and without look-ahead, which Go's patterns do not know. */
function forHelm(schema: z.core.JSONSchema._JSONSchema): Schema {
  if (typeof schema === 'boolean') throw new Error('no key of the configuration takes anything');
  const { default: _, example: __, ...own } = schema;
  if (own.properties) {
    const properties = Object.entries(own.properties).map(([key, one]) => [key, forHelm(one)]);
    return { ...own, properties: Object.fromEntries(properties) };
  }
  if (own.items && !Array.isArray(own.items)) return { ...own, items: forHelm(own.items) };
  const { description, pattern, ...value } = own;
  const written = {
    ...value,
    ...(pattern !== undefined && { pattern: pattern.replace('(?=.)', '') }),
  };
  const free = written.type === 'string' && written.pattern === '\\S';
  return {
    ...(description && { description }),
    ...(free ? written : { anyOf: [written, VARIABLE] }),
  };
}
