import type { Fleet } from '../../src/fleet/fleet.ts';
import { type VisibleInstance, visibleInstance } from '../../src/fleet/visible.ts';
import type { MetricsSettings } from '../../src/metrics/metric.ts';
import { type FleetSample, metricsOf, samplesOf } from '../../src/metrics/samples.ts';
import {
  accountLabels,
  instanceLabels,
  regionLabels,
  USER_SOURCES,
  type UserScope,
  userLabels,
} from '../../src/metrics/scopes.ts';

const USER_SCOPES = Object.keys(USER_SOURCES) as readonly UserScope[];

/** All samples of a fleet, every user with its plain name. @param staleAfter milliseconds */
export function* fleetSamples(
  fleet: Fleet,
  staleAfter: number,
  settings: MetricsSettings,
): Generator<FleetSample> {
  for (const account of fleet.accounts) {
    yield* samplesOf(metricsOf('account', settings), account, accountLabels(account), settings);
  }
  for (const region of fleet.regions) {
    yield* samplesOf(metricsOf('region', settings), region, regionLabels(region), settings);
  }
  for (const record of fleet.instances) {
    const instance = visibleInstance(fleet, record, staleAfter);
    const labels = instanceLabels(instance.id);
    yield* samplesOf(metricsOf('instance', settings), instance, labels, settings);
    for (const scope of USER_SCOPES) yield* userSamples(scope, instance, settings);
  }
}

function* userSamples<In extends UserScope>(
  scope: In,
  instance: VisibleInstance,
  settings: MetricsSettings,
): Generator<FleetSample> {
  const metrics = metricsOf(scope, settings);
  const identity = instanceLabels(instance.id);
  for (const { subject, userName, clientIp } of USER_SOURCES[scope].subjects(instance)) {
    yield* samplesOf(metrics, subject, userLabels(identity, userName, clientIp), settings);
  }
}
