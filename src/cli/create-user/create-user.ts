import { ApiError } from '../../model/api-error.ts';
import {
  type CreatedUser,
  createSmartAccessGatewayClientUser,
} from '../../smartag/operations/create-smart-access-gateway-client-user.ts';
import { inKilobits } from '../../smartag/units.ts';
import type { CommonFlags, ConfigFlags } from '../flags.ts';
import { type LocatedInstance, withInstance } from '../one-shot/with-instance.ts';
import { CommandError, EXIT, type Host } from '../process/host.ts';
import { readPassword } from '../terminal/read-password.ts';
import { visible } from '../terminal/visible-text.ts';
import { explainCreation, uncertain } from './failures.ts';
import { type NewUser, newUser } from './new-user.ts';

export interface CreateUserFlags extends CommonFlags, ConfigFlags {
  readonly userMail?: string;
  readonly userName?: string;
  readonly passwordStdin?: boolean;
  readonly bandwidth?: string;
  readonly clientIp?: string;
}

/** Creates a user of an instance. The input is checked before anything is sent; the call is never repeated. */
export async function createUser(
  wanted: string,
  flags: CreateUserFlags,
  host: Host,
): Promise<number> {
  const hasPassword = flags.passwordStdin === true;
  const password = hasPassword ? await readPassword(host) : undefined;
  const { user, problems } = newUser({ ...flags, hasPassword, password });
  if (problems) throw new CommandError(problems.join('\n'), EXIT.usage);
  await withInstance({ command: 'create-user', wanted, flags, host }, async (instance) => {
    const created = await create(user, instance, host);
    host.stdout.write(describe(created, user, instance));
  });
  return EXIT.done;
}

/** @throws CommandError that says whether the user was created */
async function create(
  user: NewUser,
  { client, regionId, instanceId }: LocatedInstance,
  host: Host,
): Promise<CreatedUser> {
  host.ending.throwIfAborted();
  try {
    const request = { regionId, instanceId, ...user };
    return await client.call(createSmartAccessGatewayClientUser, request, host.ending);
  } catch (error) {
    if (host.ending.aborted) {
      throw new CommandError(
        `create-user was ended during the call. ${uncertain(instanceId)}`,
        EXIT.failed,
      );
    }
    if (!(error instanceof ApiError)) throw error;
    const hasName = user.login !== undefined;
    throw new CommandError(explainCreation(error, { instanceId, hasName }), EXIT.failed);
  }
}

/** Describes the user by the API's reply, and by the request where the reply leaves a field out. */
function describe(
  created: CreatedUser,
  user: NewUser,
  { account, ...instance }: LocatedInstance,
): string {
  const name = created.userName ?? user.login?.userName ?? '(the reply has no name)';
  const kilobits =
    created.bandwidth === undefined ? user.bandwidthKbit : inKilobits(created.bandwidth);
  const mail = created.userMail ?? user.userMail;
  const lines = [
    `User ${name} was created on ${instance.instanceId} (${instance.regionId}, account ${account.name}).`,
    `Mail: ${mail}`,
    `Bandwidth: ${kilobits} Kbit/s`,
    `Address: ${created.clientIp || user.clientIp || 'a new one with each connection'}`,
  ];
  if (!user.login) {
    lines.push(
      `Without --user-name the API chose the name, usually the mail address, and sends it with a password to ${mail}.`,
    );
  }
  return `${lines.map(visible).join('\n')}\n`;
}
