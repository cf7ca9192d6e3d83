import { section } from '../../../input/values.ts';
import { defineAction } from '../action.ts';
import { QUIRK_KEYS, toQuirks } from '../quirk-keys.ts';

export const setQuirks = defineAction({
  name: 'set_quirks',
  does: 'Has the API answer as another reading of its documents says; what is not named stays.',
  takes: section(QUIRK_KEYS),
  perform: ({ quirks }, keys) => quirks.set(toQuirks(keys)),
});

export const resetQuirks = defineAction({
  name: 'reset_quirks',
  does: 'Has the API answer as its documents say most often.',
  takes: section({}),
  perform: ({ quirks }) => quirks.reset(),
});
