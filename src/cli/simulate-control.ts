import { parse } from 'yaml';
import { z } from 'zod';
import { readPlainScalar } from '../input/plain-scalar.ts';
import type { CommonFlags } from './flags.ts';
import { CommandError, EXIT, type Host } from './process/host.ts';

export interface SimulateControlFlags extends CommonFlags {
  readonly 'control.url': string;
}

/**
 * Shows or changes the state of a running simulator.
 *
 * @param action undefined: lists the actions
 * @param parameters each `key=value`, with the value as in a scenario
 * @throws CommandError when the simulator cannot be reached or refuses
 */
export async function simulateControl(
  action: string | undefined,
  parameters: readonly string[],
  flags: SimulateControlFlags,
  host: Host,
): Promise<number> {
  const prefix = `${flags['control.url']}/-/control`;
  if (action === undefined) {
    const answer = await ask(`${prefix}/`);
    host.stdout.write(listOf(answer, flags['control.url']));
    return EXIT.done;
  }
  host.stdout.write(`${JSON.stringify(await perform(prefix, action, parameters), null, 2)}\n`);
  return EXIT.done;
}

async function perform(
  prefix: string,
  action: string,
  parameters: readonly string[],
): Promise<unknown> {
  const values = Object.fromEntries(parameters.map(readParameter));
  if (action === 'state') return ask(`${prefix}/state`);
  if (action === 'users') {
    const { instance } = values;
    if (typeof instance !== 'string') {
      throw new CommandError('expected users instance=INSTANCE_ID', EXIT.usage);
    }
    return ask(`${prefix}/instances/${encodeURIComponent(instance)}/users`);
  }
  return ask(`${prefix}/${encodeURIComponent(action)}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(values),
  });
}

/** Lists, mappings and quoted texts are YAML; any other value is a number, true, false or a text. */
function readParameter(parameter: string): readonly [string, unknown] {
  const mark = parameter.indexOf('=');
  if (mark < 1) throw new CommandError(`expected key=value; got ${parameter}`, EXIT.usage);
  const [key, value] = [parameter.slice(0, mark), parameter.slice(mark + 1)];
  if (!/^[[{"']/.test(value)) return [key, readPlainScalar(value)];
  try {
    return [key, parse(value, { schema: 'core', logLevel: 'error' })];
  } catch {
    throw new CommandError(`expected YAML behind ${key}=; it may need shell quotes`, EXIT.usage);
  }
}

async function ask(url: string, request: RequestInit = {}): Promise<unknown> {
  let answer: Response;
  let body: unknown;
  try {
    answer = await fetch(url, request);
    body = await answer.json();
  } catch {
    throw new CommandError(
      `no control API answers at ${new URL(url).origin}: start simulate or demo with --control.listen-address, or name another --control.url`,
      EXIT.failed,
    );
  }
  if (!answer.ok) throw new CommandError(refusal(body), EXIT.failed);
  return body;
}

const REFUSAL = z.object({
  error: z.string(),
  problems: z
    .array(z.object({ path: z.string(), expected: z.string(), got: z.string() }))
    .default([]),
});

function refusal(body: unknown): string {
  const parsed = REFUSAL.safeParse(body);
  if (!parsed.success) return 'the control API refused the action without a reason';
  const { error, problems } = parsed.data;
  const lines = problems.map(
    ({ path, expected, got }) => `  ${path && `${path}: `}expected ${expected}; got ${got}`,
  );
  return [error, ...lines].join('\n');
}

const LIST = z.object({
  actions: z.array(
    z.object({
      name: z.string(),
      does: z.string(),
      takes: z.object({
        properties: z.record(z.string(), z.object({ description: z.string().optional() })),
        required: z.array(z.string()).default([]),
      }),
    }),
  ),
});

function listOf(answer: unknown, url: string): string {
  const parsed = LIST.safeParse(answer);
  if (!parsed.success) throw new CommandError(`${url} is no control API`, EXIT.failed);
  const entries = parsed.data.actions.map(({ name, does, takes: { properties, required } }) => {
    const lines = Object.entries(properties).map(([key, { description = '' }]) => {
      const must = required.includes(key) ? ' (required)' : '';
      return `    ${key.padEnd(18)} ${description}${must}`;
    });
    return [`${name}: ${does}`, ...lines].join('\n');
  });
  const views = [
    'state: Everything but the users, to compare with /metrics.',
    'users: The users of an instance and their sessions.\n    instance           Id of the instance. (required)',
  ];
  return `${[...views, ...entries].join('\n')}\n`;
}
