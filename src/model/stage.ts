/** The stages that run on each instance; their names are label values. */
export const INSTANCE_STAGES = ['users', 'online', 'sessions'] as const;
export type InstanceStage = (typeof INSTANCE_STAGES)[number];

/** Every stage that owns series: discovery runs on an account's region, the others on an instance. */
export type Stage = 'discovery' | InstanceStage;
