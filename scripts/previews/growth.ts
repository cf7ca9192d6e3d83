const DAY = 24 * 3600;

/** Users with whom each growing instance of fleet.yml begins, and how many came each day before. */
const GROWING = [
  { account: 'prod', region: 'cn-shanghai', id: 'sag-7f3k2m9q4w1x8z5a', users: 352, aDay: 9 },
  {
    account: 'overseas',
    region: 'ap-southeast-1',
    id: 'sag-5s1d7f3g9h2j4k6l',
    users: 120,
    aDay: 4,
  },
];

/**
 * The three days before the pictures begin, in OpenMetrics: forecasts look back so far, and Prometheus
 * knows no faster time.
 *
 * @param now seconds since the epoch
 * @param target what the series carry as `instance`
 */
export function growthBefore(now: number, target: string): string {
  const lines = ['# TYPE sag_app_users gauge'];
  for (const { account, region, id, users, aDay } of GROWING)
    for (let before = 3 * DAY; before >= 120; before -= 240) {
      const labels = `account="${account}",region_id="${region}",instance_id="${id}",state="enabled"`;
      const count = Math.round(users - (aDay * before) / DAY);
      lines.push(
        `sag_app_users{${labels},job="sag-app",instance="${target}"} ${count} ${Math.floor(now - before)}`,
      );
    }
  return `${lines.join('\n')}\n# EOF\n`;
}
