import { SECOND } from '../../clock.ts';
import { english } from '../../web/messages/index.ts';
import { isoTime } from '../../web/status/times.ts';
import { whyNotWatched } from '../../web/status/why-not-unused.ts';
import type { UserList } from './listed-users.ts';

/**
 * Sentences about what the list cannot tell, and why.
 *
 * @param now seconds since the epoch
 */
export function* remarksOf(list: UserList, now: number): Generator<string> {
  const { instance, presence: stored, unused } = list;
  if (!list.hasStorage) return;
  if (stored && !list.showsPresence) {
    yield 'metrics.detail of the configuration is instances: when single users were online is not shown.';
  }
  if (!stored) {
    yield `The state does not know instance ${instance.instanceId} of account ${instance.account.name}. Perhaps another exporter or shard watches it.`;
    return;
  }
  const { countedAt, presence } = stored;
  if (countedAt === undefined) {
    yield 'The exporter has not counted yet who is online on this instance.';
    return;
  }
  const doubt = unused && whyNotWatched(english, presence, unused, countedAt);
  if (doubt !== undefined) yield doubt;
  const age = now - countedAt;
  if (age * SECOND > instance.config.polling.staleAfter) {
    yield `The state tells who was online until ${isoTime(countedAt)}, ${english.formats.duration(Math.round(age))} ago. Later logins are not in it.`;
  }
}
