import type { Link } from './panels.ts';

const TITLE = 'Show the instance';

function url(account: string, region: string, instance: string): string {
  return `/d/sag-app-instance?\${datasource:queryparam}&var-account=\${${account}}&var-region=\${${region}}&var-instance=\${${instance}}&\${__url_time_range}`;
}

/** A link to the dashboard of an instance, from a value whose series has the labels of the instance. */
export const TO_INSTANCE: Link = {
  title: TITLE,
  url: url('__field.labels.account', '__field.labels.region_id', '__field.labels.instance_id'),
};

/** The same link from a row of a table with the columns Account, Region and Id. */
export const TO_INSTANCE_OF_ROW: Link = {
  title: TITLE,
  url: url('__data.fields.Account', '__data.fields.Region', '__data.fields.Id'),
};
