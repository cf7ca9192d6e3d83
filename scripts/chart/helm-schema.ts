import { z } from 'zod';
import { configFile } from '../../src/config/schema/schema.ts';
import { chartValues } from './values-schema.ts';

type Schema = z.core.JSONSchema.BaseSchema;

/** A variable in place of a value. The exporter checks its content at the start. */
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
      ...Object.fromEntries(
        Object.entries(ownConfig).map(([key, property]) => [key, forHelm(property)]),
      ),
      // The chart's templates refuse this, with the reason.
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

/** All versions of Helm 3 can read draft 7. */
function asJsonSchema(schema: z.ZodType): Schema {
  return z.toJSONSchema(schema, { io: 'input', target: 'draft-7' });
}

/**
 * Keeps in `required` only the values that the chart cannot work without. All of them have defaults in
 * values.yaml; Helm removes a default that is overwritten with `null`. A list, a mapping or a section of
 * optional keys is empty then, but a scalar would be missing in what is rendered.
 */
function withoutRemovable({ required = [], properties, ...rest }: Schema): Schema {
  if (!properties) return rest;
  const own = Object.entries(properties).map(
    ([key, property]) =>
      [
        key,
        typeof property === 'boolean' || !required.includes(key)
          ? property
          : withoutRemovable(property),
      ] as const,
  );
  const needed = own.filter(([key, property]) => required.includes(key) && isNeeded(property));
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

/**
 * The schema of a key in values.yaml. It accepts a variable too, and has no look-ahead, because Go's patterns lack it.
 */
function forHelm(schema: z.core.JSONSchema._JSONSchema): Schema {
  if (typeof schema === 'boolean') throw new Error('no key of the configuration takes anything');
  const { default: _, example: __, ...own } = schema;
  if (own.properties) {
    const properties = Object.entries(own.properties).map(([key, property]) => [
      key,
      forHelm(property),
    ]);
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
