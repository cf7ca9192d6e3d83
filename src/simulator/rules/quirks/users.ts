import { integer, list, text } from '../../../input/values.ts';
import { ratio } from '../values.ts';
import { choice, quirk, toggle } from './quirk.ts';

export const USER_QUIRKS = {
  onlineTime: choice(['seconds', 'milliseconds'], {
    does: 'Unit of OnlineTime.',
    source: 'other times of the API are in milliseconds',
    certainty: 'low',
  }),
  unknownUser: choice(['empty', 'name-invalid'], {
    does: 'Answer of DescribeUserOnlineClients to a valid name that no user has.',
    source: 'not documented',
    certainty: 'low',
  }),
  statisticsOmit: choice(['unknown', 'offline', 'nobody'], {
    does: 'DescribeUserOnlineClientStatistics leaves out names that no user has; or those and users who are offline; or nothing.',
    source: 'not documented',
    certainty: 'low',
  }),
  statisticsForget: quirk({
    takes: list(text('the name of a user')),
    byDefault: [],
    does: 'Users whom DescribeUserOnlineClientStatistics leaves out although they are online.',
    source: 'no source; it simulates a wrong answer, which clients should survive',
    certainty: 'low',
  }),
  statisticsKey: choice(['Statistics', 'statistics'], {
    does: 'Name of the lists of statistics.',
    source: 'a sample on an older page, which is not valid JSON',
    certainty: 'low',
  }),
  countsAsNumbers: toggle({
    does: 'OnlineCount is a number instead of a string.',
    source: 'samples of older pages have numbers',
    certainty: 'medium',
  }),
  largeBatches: choice(['refused', 'cut'], {
    does: 'A batch of more than 50 names or ids is refused, or the names after the 50th are ignored.',
    source: 'not documented',
    certainty: 'low',
  }),
  bytesAsNumbers: toggle({
    does: 'TotalBytes and TotalLeaveBytes are numbers instead of strings.',
    source: 'samples of older pages have numbers',
    certainty: 'medium',
  }),
  trafficMonth: choice(['UTC', 'Asia/Shanghai'], {
    does: 'Time zone in which a month of traffic begins at midnight.',
    source: 'not documented',
    certainty: 'low',
  }),
  noAddress: choice(['absent', 'empty'], {
    does: 'ClientIp of a user who has no address.',
    source: 'samples of older pages lack the field',
    certainty: 'low',
  }),
  staticIp: choice(['number', 'boolean'], {
    does: 'IsStaticIp is 0 or 1, or false or true.',
    source: 'one sample on a current page has a boolean',
    certainty: 'medium',
  }),
  namelessUsers: choice(['mail', 'made-up'], {
    does: 'Name of a user created without UserName: the mail address, or a made-up name.',
    source:
      'the current page says that the name is made up; the older pages, the console guide and the skill say that it is the mail address',
    certainty: 'low',
  }),
  mailNames: quirk({
    takes: ratio(),
    byDefault: 0,
    live: 0.5,
    does: 'Share of the users made up at the start whose name is their mail address, unless the instance has `mail_names`.',
    source:
      'the skill notes the field as "Username (email)"; the console names users so by default',
    certainty: 'high',
  }),
  shortestName: quirk({
    takes: integer(2, 7),
    byDefault: 7,
    does: 'Length of the shortest name that a new user may have.',
    source: 'names had 2 to 32 characters on older pages, and a sample is called `doc`',
    certainty: 'medium',
  }),
};
