import type { InstanceStage } from '../../model/stage.ts';
import { onlineStage } from './online.ts';
import type { PolledStage } from './polled-stage.ts';
import { sessionsStage } from './sessions.ts';
import { trafficStage } from './traffic.ts';
import { usersStage } from './users.ts';

export const POLLED_STAGES: Readonly<Record<InstanceStage, PolledStage>> = {
  users: usersStage,
  online: onlineStage,
  sessions: sessionsStage,
  traffic: trafficStage,
};
