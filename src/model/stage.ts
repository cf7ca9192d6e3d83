/** The settings of the configuration section `polling` that stages read; intervals in milliseconds. */
export interface StageSettings {
  readonly discoveryInterval: number;
  readonly usersInterval: number;
  readonly onlineInterval: number;
  readonly sessionsInterval: number;
  readonly traffic: { readonly enabled: boolean; readonly interval: number };
}

/** Everything about a stage except its passes and their calls, which stand in src/poll/stages/. */
interface StageDescriptor<Name> {
  /** Completes a sentence of the documents. */
  readonly reads: string;
  /** The key below `polling` that holds the interval. */
  readonly setting: string;
  /**
   * Milliseconds from the start of a pass to the start of the next. For a stage that follows another one, the
   * age at which it reads data again.
   */
  readonly interval: (settings: StageSettings) => number;
  /** Absent when the stage always runs. */
  readonly isEnabled?: (settings: StageSettings) => boolean;
  /** The passes begin when the stage named here has stored something for the first time. */
  readonly after?: Name;
  /** The stage makes one pass after each pass of the stage named here, instead of passes at an interval. */
  readonly follows?: Name;
  /** Whether an instance counts as read, and can be up, only after a pass of the stage. */
  readonly isEssential?: boolean;
}

/** All stages. Each stage stands after the stages that it depends on. Their names are label values. */
const TABLE = {
  discovery: {
    reads: 'The instances and their limits',
    setting: 'discovery_interval',
    interval: (settings) => settings.discoveryInterval,
  },
  users: {
    reads: 'The list of users',
    setting: 'users_interval',
    interval: (settings) => settings.usersInterval,
    isEssential: true,
  },
  online: {
    reads: 'Who is online',
    setting: 'online_interval',
    interval: (settings) => settings.onlineInterval,
    after: 'users',
    isEssential: true,
  },
  sessions: {
    reads: 'Since when and from where',
    setting: 'sessions_interval',
    interval: (settings) => settings.sessionsInterval,
    follows: 'online',
  },
  traffic: {
    reads: 'Traffic',
    setting: 'traffic.interval',
    interval: (settings) => settings.traffic.interval,
    isEnabled: (settings) => settings.traffic.enabled,
    after: 'users',
  },
} as const satisfies Readonly<Record<string, StageDescriptor<string>>>;

/** Discovery runs on a region of an account, every other stage on an instance. */
export type Stage = keyof typeof TABLE;
export type InstanceStage = Exclude<Stage, 'discovery'>;
/** The stages that run only where the configuration enables them. */
export type OptionalStage = {
  [Name in InstanceStage]: (typeof TABLE)[Name] extends { isEnabled: unknown } ? Name : never;
}[InstanceStage];
export type RequiredStage = Exclude<InstanceStage, OptionalStage>;

/** A value for each stage of an instance. An optional stage has a value only if it is enabled. */
export type ByStage<Value> = Readonly<
  Record<RequiredStage, Value> & Partial<Record<OptionalStage, Value>>
>;

export const STAGES: Readonly<Record<Stage, StageDescriptor<InstanceStage>>> = TABLE;
export const STAGE_NAMES = Object.keys(TABLE) as readonly Stage[];
export const INSTANCE_STAGES = STAGE_NAMES.filter((stage) => stage !== 'discovery');
export const REQUIRED_STAGES = INSTANCE_STAGES.filter(
  (stage) => STAGES[stage].isEnabled === undefined,
) as readonly RequiredStage[];

/** Derives a value for each stage that has one, in the order of the stages. */
export function mapStages<Value, Result>(
  values: ByStage<Value>,
  resultOf: (value: Value, stage: InstanceStage) => Result,
): ByStage<Result> {
  const results: Partial<Record<InstanceStage, Result>> = {};
  for (const stage of INSTANCE_STAGES) {
    const value = values[stage];
    if (value !== undefined) results[stage] = resultOf(value, stage);
  }
  return results as ByStage<Result>;
}

export function enabledStages(settings: StageSettings): readonly InstanceStage[] {
  return INSTANCE_STAGES.filter((stage) => STAGES[stage].isEnabled?.(settings) ?? true);
}

/** Milliseconds from the start of a pass to the start of the next, for each enabled stage. */
export function passIntervals(settings: StageSettings): ByStage<number> {
  const intervals: Partial<Record<InstanceStage, number>> = {};
  for (const stage of enabledStages(settings)) {
    const { follows = stage } = STAGES[stage];
    intervals[stage] = STAGES[follows].interval(settings);
  }
  return intervals as ByStage<number>;
}

export function withInterval<Settings extends StageSettings>(
  settings: Settings,
  interval: number,
): Settings {
  return {
    ...settings,
    discoveryInterval: interval,
    usersInterval: interval,
    onlineInterval: interval,
    sessionsInterval: interval,
    traffic: { ...settings.traffic, interval },
  };
}

/** Returns the settings with every optional stage disabled. */
export function requiredOnly<Settings extends StageSettings>(settings: Settings): Settings {
  return { ...settings, traffic: { ...settings.traffic, enabled: false } };
}
