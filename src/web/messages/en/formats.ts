import { formatsIn } from '../formats.ts';

export const formats = formatsIn('en', {
  second: 's',
  minute: 'min',
  hour: 'h',
  day: 'd',
  percent: ' %',
  separators: { list: ', ', remarks: ', ', clauses: '; ' },
});

/** Writes a count and its noun, for example "1 instance" or "2 instances". */
export const counted = (count: number, singular: string, plural = `${singular}s`): string =>
  `${formats.figure(count)} ${count === 1 ? singular : plural}`;
