import { section } from '../../../input/values.ts';
import { quirkKeys } from '../../rules/quirks/keys.ts';
import { defineAction } from '../action.ts';

export const setQuirks = defineAction({
  name: 'set_quirks',
  does: 'Has the API answer as another reading of its documents says; what is not named stays.',
  takes: quirkKeys(),
  perform: ({ quirks }, given) => quirks.set(given),
});

export const resetQuirks = defineAction({
  name: 'reset_quirks',
  does: 'Has the API answer as its documents say most often.',
  takes: section({}),
  perform: ({ quirks }) => quirks.reset(),
});
