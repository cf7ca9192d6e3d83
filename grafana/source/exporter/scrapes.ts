import { overTime } from '../panels.ts';
import type { Row } from '../put-together.ts';
import { text } from '../text.ts';
import { ofExporter, rate } from './queries.ts';

const SCRAPES = `sum by (instance, le) (${rate(ofExporter('sag_app_exporter_scrape_duration_seconds_bucket'))})`;

export const SCRAPES_ROW: Row = {
  title: text('Scrapes', '抓取'),
  panels: [
    overTime({
      title: text('Duration of a scrape', '抓取耗时'),
      description: text(
        'As measured by Prometheus, including the network, and the 95th percentile inside the exporter. It must stay below scrape_timeout.',
        'Prometheus 测得的耗时（包括网络），以及 exporter 内部耗时的 95 百分位数。必须低于 scrape_timeout。',
      ),
      unit: 's',
      queries: [
        {
          expr: ofExporter('scrape_duration_seconds'),
          legend: text('{{instance}}: seen by Prometheus', '{{instance}}：Prometheus 测得'),
        },
        {
          expr: `histogram_quantile(0.95, ${SCRAPES})`,
          legend: text('{{instance}}: 95 % inside', '{{instance}}：内部 95 百分位数'),
        },
      ],
      width: 8,
    }),
    overTime({
      title: text('Samples in a scrape', '每次抓取的样本数'),
      description: text(
        'The number of samples in each scrape, about six for each user.',
        '每次抓取的样本数，每个客户端账号约六个。',
      ),
      unit: 'short',
      queries: [{ expr: ofExporter('scrape_samples_scraped'), legend: '{{instance}}' }],
      width: 8,
    }),
    overTime({
      title: text('Series of users and sessions', '账号和会话的时间序列'),
      description: text(
        'Exposed series, and those left out because of max_user_series.',
        '已输出的时间序列，以及因 max_user_series 限制而未输出的时间序列。',
      ),
      unit: 'short',
      queries: [
        {
          expr: `sum by (disposition) (${ofExporter('sag_app_exporter_series')})`,
          legend: '{{disposition}}',
        },
      ],
      stacked: true,
      width: 8,
    }),
  ],
};
