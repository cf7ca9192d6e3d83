import type { Language } from './text.ts';

/** The English dashboard of an instance. */
export const INSTANCE_UID = 'sag-app-instance';

/** The uid of a dashboard in a language. It differs, so that one Grafana can have all languages. */
export const uidIn = (uid: string, language: Language): string =>
  language === 'en' ? uid : `${uid}-${language}`;
