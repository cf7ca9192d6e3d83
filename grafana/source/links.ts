import type { Link } from './panels.ts';
import { type Language, text } from './text.ts';
import { INSTANCE_UID, uidIn } from './uids.ts';

const TITLE = text('Show the instance', '查看实例');

/** The columns of a table that `TO_INSTANCE_OF_ROW` reads. Their titles must not contain spaces or dots. */
export const COLUMNS = {
  account: text('Account', '阿里云账号'),
  region: text('Region', '地域'),
  id: text('Id', 'ID'),
};

function url(language: Language, account: string, region: string, instance: string): string {
  return `/d/${uidIn(INSTANCE_UID, language)}?\${datasource:queryparam}&var-account=\${${account}}&var-region=\${${region}}&var-instance=\${${instance}}&\${__url_time_range}`;
}

/** A link to the dashboard of an instance, from a value whose series has the labels of the instance. */
export const TO_INSTANCE: Link = {
  title: TITLE,
  url: (language) =>
    url(
      language,
      '__field.labels.account',
      '__field.labels.region_id',
      '__field.labels.instance_id',
    ),
};

/** The same link from a row of a table with these columns. */
export const TO_INSTANCE_OF_ROW: Link = {
  title: TITLE,
  url: (language) => {
    const value = (column: keyof typeof COLUMNS) => `__data.fields.${COLUMNS[column][language]}`;
    return url(language, value('account'), value('region'), value('id'));
  },
};
