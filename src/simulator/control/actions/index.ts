import type { Action } from '../action.ts';
import { addFault, clearFaults, removeFault } from './faults.ts';
import { addInstance, changeInstance, removeInstance } from './instances.ts';
import { addKey, expireKey, removeKey, restoreKey, revokeKey } from './keys.ts';
import { allow, deny, liftLimit, setLimit } from './limits.ts';
import { jump, resetQuirks, setQuirks, setSpeed } from './settings.ts';
import {
  addUsers,
  connect,
  disableUser,
  disconnect,
  enableUser,
  kick,
  removeUsers,
} from './users.ts';

export const EVENT_ACTIONS: readonly Action[] = [
  addInstance,
  removeInstance,
  changeInstance,
  addUsers,
  removeUsers,
  disableUser,
  enableUser,
  connect,
  disconnect,
  kick,
  addFault,
  removeFault,
  clearFaults,
  setLimit,
  liftLimit,
  deny,
  allow,
  addKey,
  removeKey,
  revokeKey,
  restoreKey,
  expireKey,
  setQuirks,
  resetQuirks,
];

/**
 * The actions of the control API. Scenarios lack the actions that change time, because the time decides when
 * the events of a scenario happen.
 */
export const ACTIONS: readonly Action[] = [...EVENT_ACTIONS, jump, setSpeed];
