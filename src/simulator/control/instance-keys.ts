import type { z } from 'zod';
import { SECOND } from '../../clock.ts';
import { definedFields } from '../../input/defined-fields.ts';
import { integer, positive, section, text } from '../../input/values.ts';
import type { InstanceSpec } from '../world/spec.ts';
import { cidrBlock, instanceId, ratio, region, rhythmKeys, someTime, userNames } from './values.ts';

const growth = section({
  users_per_day: positive().describe('New users a day, one after the other at even intervals.'),
  until: integer(1)
    .optional()
    .describe('No more are made while there are so many; by default only the limit counts.'),
});

/** What an instance may say of itself while it runs. */
export const CHANGEABLE = {
  name: text('a name').optional().describe('Name of the instance; by default its id.'),
  users_limit: integer(1)
    .optional()
    .describe(
      'How many users it may have; by default as many as it begins with, rounded up to a multiple of 5, at least 10.',
    ),
  max_bandwidth: positive().optional().describe('Bandwidth in Mbit/s; by default 50.'),
  status: text('a status such as Active')
    .optional()
    .describe('Status of the instance; by default Active.'),
  expires_in: someTime()
    .optional()
    .describe('When it ends, from now, in real time; by default after 2 to 12 months.'),
};

/** An instance as people write it. */
export const INSTANCE_KEYS = {
  id: instanceId().describe('Id of the instance.'),
  region: region().describe('Region of the instance.'),
  ...CHANGEABLE,
  users: integer(0).prefault(0).describe('How many users it begins with.'),
  user_names: userNames()
    .prefault([])
    .describe('Names of the first of them; the others are made up.'),
  online: ratio()
    .optional()
    .describe('Share of enabled users who are always online; by default 0.1, or by the rhythm.'),
  rhythm: rhythmKeys().optional().describe('How that share changes through the day.'),
  growth: growth.optional().describe('New users; by default none come.'),
  mean_session: someTime().prefault('2h').describe('How long a client stays connected on average.'),
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
    .describe('Private networks of the clients; by default one of its own.'),
};

const instance = section(INSTANCE_KEYS);
const changeable = section(CHANGEABLE);

export type InstanceKeys = z.output<typeof instance>;

/** What has changed of an instance, as the world takes it. @param wall the clock's now */
export function toDetails(file: z.output<typeof changeable>, wall: number) {
  const endTime = file.expires_in === undefined ? undefined : wall + file.expires_in;
  return definedFields({
    name: file.name,
    usersLimit: file.users_limit,
    maxBandwidth: file.max_bandwidth,
    status: file.status,
    // The API tells it by the second.
    endTime: endTime === undefined ? undefined : Math.floor(endTime / SECOND) * SECOND,
  });
}

/**
 * An instance as the world takes it.
 *
 * @param wall the clock's now
 * @param usual the rhythm of instances that say nothing of who is online
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
