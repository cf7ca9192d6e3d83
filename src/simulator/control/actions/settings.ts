import { positive, section } from '../../../input/values.ts';
import { quirkKeys } from '../../rules/quirks/keys.ts';
import { someTime } from '../../rules/values.ts';
import { defineAction } from '../action.ts';

export const setQuirks = defineAction({
  name: 'set_quirks',
  does: 'Changes how the API answers, to other readings of its documents. Quirks that are not named keep their values.',
  takes: quirkKeys(),
  perform: ({ quirks }, given) => quirks.set(given),
});

export const resetQuirks = defineAction({
  name: 'reset_quirks',
  does: 'Resets all quirks: the API answers as its documents say most often.',
  takes: section({}),
  perform: ({ quirks }) => quirks.reset(),
});

export const jump = defineAction({
  name: 'jump',
  does: 'Moves the time of the world ahead. All events in between happen at once.',
  takes: section({ by: someTime().describe('How far to move, in time of the world.') }),
  perform({ world }, { by }) {
    world.catchUp();
    world.time.jump(by);
    world.catchUp();
    return { time: new Date(world.time.now()).toISOString() };
  },
});

export const setSpeed = defineAction({
  name: 'set_speed',
  does: "Changes the speed of the world's time.",
  takes: section({
    speed: positive().describe('World seconds in a real second; 144 is a day in ten minutes.'),
  }),
  perform: ({ world }, { speed }) => world.time.setSpeed(speed),
});
