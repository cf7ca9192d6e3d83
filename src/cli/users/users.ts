import { SECOND, systemClock } from '../../clock.ts';
import { Lists } from '../../smartag/lists/lists.ts';
import type { UnusedFor } from '../../web/status/unused.ts';
import type { ListFlags, StorageFlags } from '../flags.ts';
import { withInstance } from '../one-shot/with-instance.ts';
import { CommandError, EXIT, type Host } from '../process/host.ts';
import { visible } from '../terminal/visible-text.ts';
import { listUsers } from './listed-users.ts';
import { printUsers } from './print-users.ts';
import { remarksOf } from './remarks.ts';
import { storedPresence } from './stored-presence.ts';

export interface UsersFlags extends ListFlags, StorageFlags {
  readonly unusedFor?: UnusedFor;
}

/**
 * Prints the users of an instance, as the API lists them. With a storage directory, adds when an exporter last saw
 * each of them online.
 */
export async function users(wanted: string, flags: UsersFlags, host: Host): Promise<number> {
  const { unusedFor, 'storage.path': storagePath } = flags;
  if (unusedFor && storagePath === undefined) {
    throw new CommandError(
      'error: --unused-for needs --storage.path: the API does not tell when users were online, so this is read from the directory in which `serve --storage.path` has recorded it',
      EXIT.usage,
    );
  }
  await withInstance({ command: 'users', wanted, flags, host }, async (instance) => {
    const { account, client, config, regionId, instanceId } = instance;
    const id = { account: account.name, regionId, instanceId };
    const hasStorage = storagePath !== undefined;
    const presence = hasStorage ? await storedPresence(storagePath, id) : undefined;
    const { items, doubt } = await new Lists(client).users(
      { regionId, instanceId, pageSize: config.polling.pageSize },
      host.ending,
    );
    const list = await listUsers(instance, items, { hasStorage, presence, unusedFor });
    host.stdout.write(printUsers(list, flags));
    if (doubt !== undefined) {
      host.stderr.write(`The list changed while it was read: ${doubt}.\n`);
    }
    for (const remark of remarksOf(list, systemClock.now() / SECOND)) {
      host.stderr.write(`${visible(remark)}\n`);
    }
  });
  return EXIT.done;
}
