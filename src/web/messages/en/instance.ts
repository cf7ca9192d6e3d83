import { counted } from './formats.ts';

/** The page of an instance, without its list of users. */
export const instance = {
  breadcrumb: 'Breadcrumb',
  place: (instance: string, account: string, region: string) =>
    `${instance} · account ${account} · ${region}`,
  usersGoOn:
    'Users go on connecting while the exporter cannot read the instance, unless its subscription has ended.',
  users: 'Users',
  disabled: (users: string) => `${users} of them disabled`,
  unusedUnknown: (duration: string) => `unused users are not known yet: watched for ${duration}`,
  unused: (users: string, duration: string) => `${users} unused for ${duration}`,
  online: 'Online',
  withClients: (clients: number) => `with ${counted(clients, 'client')}`,
  longestSession: 'Longest session',
  since: (time: string) => `since ${time}`,
  bandwidth: 'Bandwidth allocated',
  bandwidthOf: (bandwidth: string) => `the instance has ${bandwidth}`,
  sessions: 'Sessions started',
  sessionsEnded: (sessions: string) => `${sessions} ended`,
  subscriptionEnded: 'Subscription ended',
  subscribedUntil: 'Subscribed until',
  in: (duration: string) => `in ${duration}`,
  state: (state: string) => `state ${state}`,
  stages: 'Stages',
  stage: (stage: string) => `Stage ${stage}`,
  every: (duration: string) => `every ${duration}`,
  took: (duration: string) => `took ${duration}`,
  passesFailed: (passes: number) => `${counted(passes, 'pass', 'passes')} failed since start`,
};
