import { section, text } from '../../../input/values.ts';
import { defineAction, type Outcome } from '../action.ts';
import type { Controlled } from '../controlled.ts';
import { checkFault, FAULT_KEYS, type FaultKeys, toFaultRule } from '../fault-keys.ts';

export const addFault = defineAction({
  name: 'add_fault',
  does: 'Puts a fault in force: matching calls go wrong.',
  takes: section(FAULT_KEYS),
  check: checkFault,
  perform: addFaultTo,
});

/** Puts a fault in force. The outcome contains the name with which the fault can be removed. */
export function addFaultTo({ faults, world }: Controlled, keys: FaultKeys): Outcome {
  const taken = new Set(faults.rules.map(({ name }) => name));
  if (keys.name !== undefined && taken.has(keys.name))
    throw new Error(`There is a fault ${keys.name} already`);
  let number = 1;
  while (taken.has(`fault-${number}`)) number++;
  const name = keys.name ?? `fault-${number}`;
  const remove = faults.add(toFaultRule(keys, name));
  if (keys.for !== undefined) world.plan(world.time.now() + keys.for, remove);
  return { name };
}

export const removeFault = defineAction({
  name: 'remove_fault',
  does: 'Takes one fault back.',
  takes: section({ name: text('the name of a fault').describe('Name of the fault.') }),
  perform({ faults }, { name }) {
    if (!faults.remove(name)) throw new Error(`There is no fault ${name}`);
  },
});

export const clearFaults = defineAction({
  name: 'clear_faults',
  does: 'Takes all faults back.',
  takes: section({}),
  perform: ({ faults }) => faults.clear(),
});
