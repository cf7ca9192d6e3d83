import { errors } from './errors.ts';
import { formats } from './formats.ts';
import { instance } from './instance.ts';
import { instances } from './instances.ts';
import { layout } from './layout.ts';
import { lists } from './lists.ts';
import { overview } from './overview.ts';
import { parts } from './parts.ts';
import { problems } from './problems.ts';
import { users } from './users.ts';

export const english = {
  formats,
  errors,
  instance,
  instances,
  layout,
  lists,
  overview,
  parts,
  problems,
  users,
};

/**
 * Every text of the pages in one language. A parameter is a text that is formatted already, or a number where
 * the language needs it to choose between singular and plural.
 */
export type Messages = typeof english;
