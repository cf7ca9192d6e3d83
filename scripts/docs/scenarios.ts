import { z } from 'zod';
import { ACTIONS, EVENT_ACTIONS } from '../../src/simulator/control/actions/index.ts';
import { scenarioFormat } from '../../src/simulator/scenario/schema.ts';

type Schema = z.core.JSONSchema.BaseSchema;

/** Every key of a scenario and every action as Markdown, from the schema alone. */
export function scenarioReference(): string {
  const file = jsonSchema(scenarioFormat.schema);
  const instances = itemsOf(file, 'instances');
  const faults = itemsOf(file, 'faults');
  const parts: readonly [string, Schema][] = [
    ['A scenario', file],
    ['`instances[]`, and of `add_instance` without `count`', instances],
    ['`rhythm`', propertyOf(file, 'rhythm')],
    ['`rhythm.points[]`', itemsOf(propertyOf(file, 'rhythm'), 'points')],
    ['`instances[].growth`', propertyOf(instances, 'growth')],
    ['`keys[]`', itemsOf(file, 'keys')],
    ['`limits[]`', itemsOf(file, 'limits')],
    ['`quirks`, and of `set_quirks`', propertyOf(file, 'quirks')],
    ['`faults[]`', faults],
    ['`faults[].latency`', propertyOf(faults, 'latency')],
  ];
  return `${parts.map(([title, schema]) => `### ${title}\n\n${keyTable(schema)}\n`).join('\n')}
### Actions

An event has \`at\`, optionally \`every\`, and one of these actions. ${ONLY_LIVE} are for the control API
only. Required keys come first, in bold.

${actionTable()}`;
}

const ONLY_LIVE = ACTIONS.filter((action) => !EVENT_ACTIONS.includes(action))
  .map(({ name }) => `\`${name}\``)
  .join(' and ');

function keyTable(schema: Schema): string {
  const { properties = {}, required = [] } = schema;
  const rows = Object.entries(properties).map(([key, value]) => {
    const { description = '', default: byDefault } = asSchema(value);
    const named =
      byDefault === undefined || typeof byDefault === 'object' ? '' : `\`${byDefault}\``;
    return `| \`${key}\` | ${required.includes(key) ? 'required' : named} | ${description} |`;
  });
  return ['| key | default | meaning |', '|---|---|---|', ...rows].join('\n');
}

function actionTable(): string {
  const rows = ACTIONS.map(({ name, does, schema }) => {
    const { properties = {}, required = [] } = jsonSchema(schema);
    const optional = Object.keys(properties).filter((key) => !required.includes(key));
    const keys = [
      ...required.map((key) => `**\`${key}\`**`),
      ...optional.map((key) => `\`${key}\``),
    ];
    return `| \`${name}\` | ${does} | ${keys.join(', ')} |`;
  });
  return ['| action | does | takes |', '|---|---|---|', ...rows].join('\n');
}

function propertyOf({ properties = {} }: Schema, key: string): Schema {
  return asSchema(properties[key]);
}

function itemsOf(schema: Schema, key: string): Schema {
  const { items } = propertyOf(schema, key);
  return asSchema(Array.isArray(items) ? items[0] : items);
}

/** In JSON Schema, `true` stands for one that says nothing. */
function asSchema(schema: Schema | boolean | undefined): Schema {
  return typeof schema === 'object' ? schema : {};
}

function jsonSchema(schema: z.ZodType): Schema {
  return z.toJSONSchema(schema, { io: 'input' });
}
