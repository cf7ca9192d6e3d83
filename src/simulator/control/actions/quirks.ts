import { section } from '../../../input/values.ts';
import { quirkKeys } from '../../rules/quirks/keys.ts';
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
