import { nearest } from '../../input/nearest.ts';
import { CommandError, EXIT } from '../process/host.ts';
import { visible } from '../terminal/visible-text.ts';

/** An instance as a person may call it. */
export interface NamedInstance {
  /** Name of the account. */
  readonly account: string;
  readonly regionId: string;
  readonly instanceId: string;
  /** Empty when the instance has no name, or when it is unknown. */
  readonly name: string;
}

/** Maximum number of instances that a message suggests. */
const MOST_SUGGESTIONS = 3;

/**
 * Picks the instance that a person calls `wanted`: by its id, or else by a name that only it has.
 *
 * @returns undefined when no instance is called so
 * @throws CommandError when several instances have the name
 */
export function pickInstance<Instance extends NamedInstance>(
  wanted: string,
  instances: readonly Instance[],
): Instance | undefined {
  const byId = instances.find(({ instanceId }) => instanceId === wanted);
  if (byId) return byId;
  const [first, ...others] = instances.filter(({ name }) => name === wanted);
  // Two accounts of the configuration may find the same instance.
  const namesakes = others.filter((other) => first && !isSame(first, other));
  if (!first || namesakes.length === 0) return first;
  throw new CommandError(
    [
      `${namesakes.length + 1} instances have the name ${visible(wanted)}: give the id instead`,
      ...[first, ...namesakes].map(
        ({ instanceId, account, regionId }) => `${instanceId} (account ${account}, ${regionId})`,
      ),
    ].join('\n'),
    EXIT.failed,
  );
}

function isSame(one: NamedInstance, other: NamedInstance): boolean {
  return one.instanceId === other.instanceId && one.regionId === other.regionId;
}

/**
 * Suggests the instances whose id or name `wanted` probably misspells, as the beginning of a message: such as
 * `Did you mean "Shanghai office" (sag-7f3k2m9q4w1x8z5a)? `. Empty when none is close.
 */
export function suggestInstances(wanted: string, instances: readonly NamedInstance[]): string {
  const suggested: NamedInstance[] = [];
  let left = instances;
  while (suggested.length < MOST_SUGGESTIONS) {
    const called = left.flatMap(({ instanceId, name }) => [instanceId, name]);
    const match = nearest(wanted, called);
    if (!match) break;
    const isMatch = ({ instanceId, name }: NamedInstance) => instanceId === match || name === match;
    suggested.push(...left.filter(isMatch));
    left = left.filter((instance) => !isMatch(instance));
  }
  if (suggested.length === 0) return '';
  const texts = suggested
    .slice(0, MOST_SUGGESTIONS)
    .map(({ instanceId, name }) => (name ? `"${visible(name)}" (${instanceId})` : instanceId));
  return `Did you mean ${texts.join(' or ')}? `;
}
