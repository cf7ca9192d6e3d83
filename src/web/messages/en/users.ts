import type { UserColumn } from '../../status/user-columns.ts';

/** The list of the users of an instance. Code stands in backticks. */
export const users = {
  title: 'Users',
  table: 'Table of users',
  caption: 'Users with their state, sessions and bandwidth',
  search: 'Search users',
  searchedName: 'Name',
  searchedMail: 'mail',
  searchedAddress: 'address',
  show: { all: 'All', online: 'Online', offline: 'Offline', disabled: 'Disabled' },
  /** @param total decides between singular and plural */
  count: (range: string, total: number) => `${range} ${total === 1 ? 'user' : 'users'}`,
  pages: 'Pages of users',
  download: 'Download as CSV',
  columns: {
    name: 'User',
    mail: 'Mail',
    state: 'State',
    online: 'Clients online',
    since: 'Online since',
    lastOnline: 'Last online',
    address: 'From',
    bandwidth: 'Bandwidth',
    accelerated: 'Accelerated',
    traffic: 'Traffic this month',
    remaining: 'Left',
  } satisfies Record<UserColumn, string>,
  hashedName: 'User (hashed)',
  noUsers: 'The instance has no users.',
  noneMatches: 'No user matches.',
  restart: 'Nothing is kept on disk (`--storage.path`), so a restart begins the watching anew.',
  watchedSince: (time: string) => `Who is online has been watched since ${time}.`,
  deleting:
    'Deleting a user frees a seat. A user who has connected this month cannot be deleted (the API answers `ClientUser.UserInUsing`).',
  deletingSteps: 'What to do, step by step',
  enabled: 'enabled',
  disabled: 'disabled',
  offline: 'offline',
  now: 'now',
  notSince: (day: string) => `not since ${day}`,
  since: (time: string) => `since ${time}`,
  fixedAddress: (address: string) => `fixed: ${address}`,
  hidden: (setting: string) => `Users are not shown, because of the setting \`${setting}\`.`,
  notRead: 'The users have not been read yet.',
  stale: (duration: string) => `The list of users is stale: it was last read ${duration} ago.`,
  onlineUnknown: 'It is not known who is online, so nothing can be called unused.',
  watchedTooShort: (time: string, unusedFor: string) =>
    `The instance has been watched only since ${time}, so nothing can be called unused for ${unusedFor} yet.`,
  watchedWithGaps: (time: string, watched: string, unusedFor: string) =>
    `The instance has been watched since ${time}, but for only ${watched} of that time, so nothing can be called unused for ${unusedFor} yet.`,
  invalidUnusedFor: (value: string) =>
    `unused_for: expected a duration above 0 such as 90d, 12h or 1d12h, got ${value}`,
};
