import type { z } from 'zod';
import { SECOND } from '../../clock.ts';
import { definedFields } from '../../input/defined-fields.ts';
import { integer, positive, section, text } from '../../input/values.ts';
import { ratio, someTime } from '../rules/values.ts';
import type { InstanceSpec } from '../world/spec.ts';
import { cidrBlock, instanceId, region, rhythmKeys, userNames } from './values.ts';

const growth = section({
  users_per_day: positive().describe('New users in a day, at even intervals.'),
  until: integer(1)
    .optional()
    .describe('No users are created while there are this many; by default only the limit counts.'),
});

/** The properties of an instance that can be changed later. */
export const CHANGEABLE = {
  name: text('a name').optional().describe('Name of the instance; by default its id.'),
  users_limit: integer(1)
    .optional()
    .describe(
      'Quota of users; by default the number of users at the start, rounded up to a multiple of 5, at least 10.',
    ),
  max_bandwidth: positive().optional().describe('Bandwidth in Mbit/s; by default 50.'),
  status: text('a status such as Active')
    .optional()
    .describe('Status of the instance; by default Active.'),
  expires_in: someTime()
    .optional()
    .describe('When the instance expires, in real time from now; by default after 2 to 12 months.'),
};

export const INSTANCE_KEYS = {
  id: instanceId().describe('Id of the instance.'),
  region: region().describe('Region of the instance.'),
  ...CHANGEABLE,
  users: integer(0).prefault(0).describe('Number of users at the start.'),
  user_names: userNames()
    .prefault([])
    .describe('Names of the first users; the other names are made up.'),
  online: ratio()
    .optional()
    .describe(
      'Share of enabled users who are online, constant through the day; by default 0.1, or the share of the rhythm.',
    ),
  rhythm: rhythmKeys().optional().describe('How that share changes through the day.'),
  growth: growth.optional().describe('New users; by default none are created.'),
  mean_session: someTime().prefault('2h').describe('Average time that a client stays connected.'),
  second_device: ratio().prefault(0.05).describe('Share of online users who have two clients.'),
  disabled: ratio().prefault(0.02).describe('Share of users who are disabled.'),
  fixed_address: ratio().prefault(0.03).describe('Share of users who have a fixed address.'),
  mail_names: ratio()
    .optional()
    .describe(
      'Share of made-up users whose name is their mail address; by default the quirk `mail_names`.',
    ),
  cidr_block: cidrBlock()
    .optional()
    .describe('Private networks of the clients; by default each instance has another one.'),
};

const instance = section(INSTANCE_KEYS);
const changeable = section(CHANGEABLE);

export type InstanceKeys = z.output<typeof instance>;

/**
 * Changes of an instance, converted to the types of the world.
 *
 * @param wall the time of the clock
 */
export function toDetails(file: z.output<typeof changeable>, wall: number) {
  const endTime = file.expires_in === undefined ? undefined : wall + file.expires_in;
  return definedFields({
    name: file.name,
    usersLimit: file.users_limit,
    maxBandwidth: file.max_bandwidth,
    status: file.status,
    // The API shows whole seconds.
    endTime: endTime === undefined ? undefined : Math.floor(endTime / SECOND) * SECOND,
  });
}

/**
 * An instance, converted to the types of the world.
 *
 * @param wall the time of the clock
 * @param usual the rhythm of instances without `online` and `rhythm`
 */
export function toInstanceSpec(
  file: InstanceKeys,
  wall: number,
  usual?: InstanceKeys['rhythm'],
): InstanceSpec {
  const { growth: growing, online } = file;
  const rhythm = file.rhythm ?? (online === undefined ? usual : undefined);
  return {
    id: file.id,
    regionId: file.region,
    ...toDetails(file, wall),
    users: Math.max(file.users, file.user_names.length),
    userNames: file.user_names,
    onlineRatio: online ?? 0.1,
    meanSessionMs: file.mean_session,
    multiDeviceRatio: file.second_device,
    disabledRatio: file.disabled,
    staticIpRatio: file.fixed_address,
    ...definedFields({ cidrBlock: file.cidr_block, mailNameRatio: file.mail_names }),
    ...(rhythm && { rhythm: { ...rhythm, points: rhythm.points.toSorted((a, b) => a.at - b.at) } }),
    ...(growing && {
      growth: { perDay: growing.users_per_day, ...definedFields({ until: growing.until }) },
    }),
  };
}
