import type { Messages } from '../en/index.ts';
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

/** Simplified Chinese. It uses the terms of Alibaba Cloud's own Chinese pages. */
export const chinese: Messages = {
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
