import type { User } from '../model/user.ts';
import { Lists } from '../smartag/lists/lists.ts';
import { inKilobits } from '../smartag/units.ts';
import type { JsonFlags } from './flags.ts';
import { type LocatedInstance, withInstance } from './one-shot/with-instance.ts';
import { EXIT, type Host } from './process/host.ts';
import { type Column, table } from './terminal/table.ts';
import { visibleJson } from './terminal/visible-text.ts';

const COLUMNS: readonly Column[] = [
  { title: 'USER' },
  { title: 'MAIL' },
  { title: 'STATE' },
  { title: 'KBIT/S', figures: true },
  { title: 'ACCELERATED', figures: true },
  { title: 'FIXED ADDRESS' },
];

export async function users(wanted: string, flags: JsonFlags, host: Host): Promise<number> {
  await withInstance({ command: 'users', wanted, flags, host }, async (instance) => {
    const { client, config, regionId, instanceId } = instance;
    const { items, doubt } = await new Lists(client).users(
      { regionId, instanceId, pageSize: config.polling.pageSize },
      host.ending,
    );
    host.stdout.write(flags.json ? asJson(instance, items) : asTable(items));
    if (doubt !== undefined) {
      host.stderr.write(`The list changed while it was read: ${doubt}.\n`);
    }
  });
  return EXIT.done;
}

function asTable(items: readonly User[]): string {
  const rows = items.map((user) => [
    user.name,
    user.mail ?? '',
    user.enabled ? 'enabled' : 'disabled',
    kilobits(user.bandwidth),
    kilobits(user.acceleratedBandwidth),
    user.clientIp ?? (user.staticIp ? 'yes' : ''),
  ]);
  return `${table(COLUMNS, rows).join('\n')}\n`;
}

const kilobits = (bytesPerSecond: number | undefined): string =>
  bytesPerSecond === undefined ? '' : String(inKilobits(bytesPerSecond));

/** Fields that the API left out are absent. */
function asJson(
  { account, regionId, instanceId }: LocatedInstance,
  items: readonly User[],
): string {
  const listed = items.map((user) => ({
    userName: user.name,
    userMail: user.mail,
    enabled: user.enabled,
    bandwidthBytesPerSecond: user.bandwidth,
    acceleratedBandwidthBytesPerSecond: user.acceleratedBandwidth,
    staticIp: user.staticIp,
    clientIp: user.clientIp,
  }));
  return `${visibleJson({ account: account.name, regionId, instanceId, users: listed })}\n`;
}
