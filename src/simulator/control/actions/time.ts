import { positive, section } from '../../../input/values.ts';
import { defineAction } from '../action.ts';
import { someTime } from '../values.ts';

export const jump = defineAction({
  name: 'jump',
  does: 'Moves the time of the world ahead: what falls in between happens at once.',
  takes: section({ by: someTime().describe('By how much of its time.') }),
  perform({ world }, { by }) {
    world.catchUp();
    world.time.jump(by);
    world.catchUp();
    return { time: new Date(world.time.now()).toISOString() };
  },
});

export const setSpeed = defineAction({
  name: 'set_speed',
  does: 'Lets the time of the world run at another speed.',
  takes: section({
    speed: positive().describe('World seconds in a real one; 144 is a day in ten minutes.'),
  }),
  perform: ({ world }, { speed }) => world.time.setSpeed(speed),
});
