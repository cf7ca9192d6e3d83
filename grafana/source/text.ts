/** The languages of dashboards and alerts, as BCP 47 tags. The first is the default. */
export const LANGUAGES = ['en', 'zh-CN'] as const;

export type Language = (typeof LANGUAGES)[number];

/** A text in every language. */
export type Text = Readonly<Record<Language, string>>;

/** A text for people. Both languages are written in one place, so that they change together. */
export const text = (en: string, chinese: string): Text => ({ en, 'zh-CN': chinese });

/** The folder of a language's files below the folder of the English ones. It ends in a slash unless it is empty. */
export const folderOf = (language: Language): string => (language === 'en' ? '' : `${language}/`);

/** A name of series that consists of labels and needs no translation. */
export type Label = `{{${string}}}`;

export const textIn = (language: Language, words: Text | Label): string =>
  typeof words === 'string' ? words : words[language];
