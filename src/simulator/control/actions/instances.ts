import { section } from '../../../input/values.ts';
import { defineAction } from '../action.ts';
import { CHANGEABLE, INSTANCE_KEYS, toDetails, toInstanceSpec } from '../instance-keys.ts';
import { instanceId } from '../values.ts';

const ID = instanceId().describe('Id of the instance.');

export const addInstance = defineAction({
  name: 'add_instance',
  does: 'Creates an instance.',
  takes: section(INSTANCE_KEYS),
  perform({ world }, keys) {
    const createTime = world.time.wall();
    world.addInstance({ ...toInstanceSpec(keys, createTime), createTime });
  },
});

export const removeInstance = defineAction({
  name: 'remove_instance',
  does: 'Deletes an instance with all its users.',
  takes: section({ id: ID }),
  perform: ({ world }, { id }) => world.removeInstance(id),
});

export const changeInstance = defineAction({
  name: 'change_instance',
  does: 'Changes properties of an instance, such as its limit of users.',
  takes: section({ id: ID, ...CHANGEABLE }),
  perform: ({ world }, { id, ...changes }) =>
    world.changeInstance(id, toDetails(changes, world.time.wall())),
});
