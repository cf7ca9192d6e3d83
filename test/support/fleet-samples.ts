import type { Fleet } from '../../src/fleet/fleet.ts';
import { type VisibleInstance, visibleInstance } from '../../src/fleet/visible.ts';
import type { FleetDeclaration, MetricsSettings } from '../../src/metrics/metric.ts';
import { eachSample, metricsOf } from '../../src/metrics/samples.ts';
import {
  accountLabels,
  instanceLabels,
  type Labels,
  regionLabels,
  type Scope,
  type Subjects,
  USER_SOURCES,
  type UserScope,
  userLabels,
} from '../../src/metrics/scopes.ts';

/** A sample with all of its labels. */
export interface FleetSample {
  readonly metric: FleetDeclaration;
  /** The name of the metric; for a line of a histogram, with its suffix. */
  readonly name: string;
  /** For a bucket of a histogram, with `le`. */
  readonly labels: Labels;
  readonly value: number;
}

/** All samples of a fleet, every user with its plain name. @param staleAfter milliseconds */
export function* fleetSamples(
  fleet: Fleet,
  staleAfter: number,
  settings: MetricsSettings,
): Generator<FleetSample> {
  const samplesOf = <In extends Scope>(scope: In, subject: Subjects[In], labels: Labels) => {
    const samples: FleetSample[] = [];
    eachSample(metricsOf(scope, settings), subject, settings, (metric, own, value, line) =>
      samples.push({
        metric,
        name: `${metric.name}${line?.suffix ?? ''}`,
        labels: { ...labels, ...own, ...(line && 'le' in line && { le: line.le }) },
        value,
      }),
    );
    return samples;
  };
  function* userSamples<In extends UserScope>(scope: In, instance: VisibleInstance) {
    const identity = instanceLabels(instance.id);
    for (const { subject, userName, clientIp } of USER_SOURCES[scope].subjects(instance)) {
      yield* samplesOf(scope, subject, { ...identity, ...userLabels(userName, clientIp) });
    }
  }

  for (const account of fleet.accounts) {
    yield* samplesOf('account', account, accountLabels(account));
  }
  for (const region of fleet.regions) yield* samplesOf('region', region, regionLabels(region));
  for (const record of fleet.instances) {
    const instance = visibleInstance(fleet, record, staleAfter);
    yield* samplesOf('instance', instance, instanceLabels(instance.id));
    for (const scope of Object.keys(USER_SOURCES) as UserScope[]) {
      yield* userSamples(scope, instance);
    }
  }
}
