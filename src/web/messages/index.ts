import { english, type Messages } from './en/index.ts';
import { chinese } from './zh-cn/index.ts';

export { english, type Messages };

/** The languages of the pages, as BCP 47 tags, with their messages. The first is the default. */
export const MESSAGES = { en: english, 'zh-CN': chinese } as const satisfies Record<
  string,
  Messages
>;

export type Language = keyof typeof MESSAGES;

export const LANGUAGES = Object.keys(MESSAGES) as readonly Language[];
