import { isoTime } from '../../web/status/times.ts';
import type { JsonFlags } from '../flags.ts';
import { describeFailure, fleetInstances } from '../one-shot/fleet-instances.ts';
import { type AccountClient, withAccounts } from '../one-shot/with-accounts.ts';
import { EXIT, type Host } from '../process/host.ts';
import { type Column, table } from '../terminal/table.ts';
import { visible, visibleJson } from '../terminal/visible-text.ts';
import { type CountedInstance, countUsers, describeUncounted } from './user-counts.ts';

const COLUMNS: readonly Column[] = [
  { title: 'INSTANCE' },
  { title: 'NAME' },
  { title: 'ACCOUNT' },
  { title: 'REGION' },
  { title: 'STATUS' },
  { title: 'USERS', figures: true },
  { title: 'LIMIT', figures: true },
  { title: 'SUBSCRIPTION ENDS' },
];

/**
 * Prints the instances that the exporter would poll. A failed call leaves its values empty and is told on stderr;
 * the exit code is then 1, unless the failure is a lasting one with which the exporter does its job.
 */
export function instances(flags: JsonFlags, host: Host): Promise<number> {
  return withAccounts({ command: 'instances', flags, host }, async (accounts, config) => {
    const { pageSize } = config.polling;
    const fleet = await fleetInstances(accounts, host.ending);
    const counted = await countUsers(fleet, { pageSize, signal: host.ending });
    const listed = counted.map(listedInstance);
    if (flags.json) host.stdout.write(`${visibleJson({ instances: listed })}\n`);
    else if (listed.length > 0) host.stdout.write(asTable(listed));
    else if (fleet.failures.length === 0) host.stdout.write('No instances were found.\n');
    const failures = [
      ...fleet.failures.map((failure) => ({ ...failure, text: describeFailure(failure) })),
      ...describeUncounted(counted),
    ];
    for (const { text } of failures) host.stderr.write(`${visible(text)}\n`);
    for (const { account } of accounts) {
      const isOfAccount = (one: Pick<AccountClient, 'account'>): boolean => one.account === account;
      if (fleet.instances.some(isOfAccount) || fleet.failures.some(isOfAccount)) continue;
      host.stderr.write(`account ${visible(account.name)}: ${NOTHING_FOUND}\n`);
    }
    return failures.every(({ isTolerable }) => isTolerable) ? EXIT.done : EXIT.failed;
  });
}

const NOTHING_FOUND =
  'no instance was found. Check accounts[].regions, include and exclude, and that the credentials are those of the account which has the instances. `sag-app-exporter doctor` checks the permissions.';

/** The fields have the names that they have in /api/v1/status. A field without a known value is absent. */
function listedInstance({ instance, users, usersLimit }: CountedInstance) {
  const { account, regionId, instanceId, details } = instance;
  return {
    account: account.name,
    regionId,
    instanceId,
    name: details?.name || undefined,
    status: details?.status || undefined,
    users,
    usersLimit,
    subscriptionEnd: isoTime(details?.expiresAt),
  };
}

function asTable(listed: readonly ReturnType<typeof listedInstance>[]): string {
  const rows = listed.map((instance) => [
    instance.instanceId,
    instance.name ?? '',
    instance.account,
    instance.regionId,
    instance.status ?? '',
    String(instance.users ?? ''),
    String(instance.usersLimit ?? ''),
    instance.subscriptionEnd ?? '',
  ]);
  return `${table(COLUMNS, rows).join('\n')}\n`;
}
