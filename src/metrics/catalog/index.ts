import type { AnyMetric, Declaration } from '../metric.ts';
import * as account from './account.ts';
import * as exporter from './exporter.ts';
import * as instance from './instance.ts';
import * as session from './session.ts';
import * as user from './user.ts';

/** Every metric of the fleet, in the order of the exposition. */
export const FLEET_METRICS: readonly AnyMetric[] = [
  account.accountUp,
  account.fallback,
  account.discoveryLastSuccess,
  account.discoveryFailures,
  instance.instanceInfo,
  instance.instanceUp,
  instance.instanceExpiry,
  instance.instanceBandwidthLimit,
  instance.usersLimit,
  instance.users,
  instance.bandwidthAllocated,
  instance.acceleratedBandwidthAllocated,
  instance.onlineUsers,
  instance.onlineClients,
  instance.oldestSessionStart,
  instance.sessionsStarted,
  instance.sessionsEnded,
  instance.onlineDisagreements,
  instance.lastSuccess,
  instance.stageDuration,
  instance.stageProgress,
  instance.stageFailures,
  instance.stageFailure,
  user.userInfo,
  user.userEnabled,
  user.userBandwidthLimit,
  user.userAcceleratedBandwidthLimit,
  user.userOnlineClients,
  user.userSessionStart,
  user.userSessionAge,
  user.userTrafficMonth,
  user.userTrafficRemaining,
  session.sessionStart,
];

/** Every metric the exporter keeps of itself. */
export const OWN_METRICS: readonly Declaration[] = [
  exporter.buildInfo,
  exporter.apiRequests,
  exporter.apiRequestDuration,
  exporter.apiWait,
  exporter.apiBudget,
  exporter.configReloadSuccessful,
  exporter.configReloadTime,
  exporter.series,
  exporter.scrapeDuration,
  exporter.shardInfo,
];
