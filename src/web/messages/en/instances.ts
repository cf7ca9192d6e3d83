/** The list of instances. */
export const instances = {
  title: 'Instances',
  table: 'Table of instances',
  caption:
    'Instances with their users and limits, users online, the end of their subscriptions, and the age of these data',
  search: 'Search instances',
  hint: 'Name, id, account or region',
  all: 'All',
  attention: 'Needs attention',
  /** @param total decides between singular and plural */
  count: (range: string, total: number) => `${range} ${total === 1 ? 'instance' : 'instances'}`,
  pages: 'Pages of instances',
  noneKnown: 'No instance is known yet.',
  nonePaused: 'No instance is known: polling is paused.',
  noneMatches: 'No instance matches.',
  instance: 'Instance',
  account: 'Account',
  region: 'Region',
  state: 'State',
  users: 'Users',
  unused: (duration: string) => `Unused ${duration}`,
  unusedOf: (instance: string) => `unused users of ${instance}`,
  online: 'Online',
  subscription: 'Subscription',
  subscriptionEnded: (duration: string) => `ended ${duration} ago`,
  subscriptionLeft: (duration: string) => `${duration} left`,
  freshness: 'Freshness',
};
