/** The stages that run on each instance; their names are label values. */
export const INSTANCE_STAGES = ['users', 'online', 'sessions'] as const;
export type InstanceStage = (typeof INSTANCE_STAGES)[number];

/** The same, and the one that runs only where it is wanted. */
export const POSSIBLE_STAGES = [...INSTANCE_STAGES, 'traffic'] as const;
export type PossibleStage = (typeof POSSIBLE_STAGES)[number];

/** Every stage that owns series: discovery runs on an account's region, the others on an instance. */
export type Stage = 'discovery' | PossibleStage;
