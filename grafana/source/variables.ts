import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  type VariableModel,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { named } from './queries.ts';
import { type Language, type Text, text } from './text.ts';

/** The data source, chosen by the first variable of every dashboard. */
export const DATA_SOURCE = { type: 'prometheus', uid: '${datasource}' } as const;

const ALL = { selected: true, text: ['All'], value: ['$__all'] };

/** Makes a variable of a dashboard with the texts of a language. */
export type VariableIn = (language: Language) => Builder<VariableModel>;

export const dataSource: VariableIn = (language) =>
  new DatasourceVariableBuilder('datasource')
    .label(text('Data source', '数据源')[language])
    .description(
      text('The Prometheus that scrapes the exporter.', '抓取 exporter 的 Prometheus。')[language],
    )
    .type('prometheus');

export const account = many({
  name: 'account',
  label: text('Account', '阿里云账号'),
  description: text(
    'Alibaba Cloud account, as the configuration names it.',
    '阿里云账号，名称与配置一致。',
  ),
  query: 'label_values(sag_app_account_up, account)',
});

export const region = many({
  name: 'region',
  label: text('Region', '地域'),
  description: text('Region of the instances.', '实例所在的地域。'),
  query: 'label_values(sag_app_instance_up{account=~"$account"}, region_id)',
});

/** Shows the names of the instances, and holds their ids. */
const BY_NAME: Choice = {
  name: 'instance',
  label: text('Instance', '实例'),
  description: text('SAG APP instance.', '智能接入网关 APP 实例。'),
  query: `query_result(max by (instance_id, name) (${named(
    'sag_app_instance_up{account=~"$account", region_id=~"$region"}',
  )}))`,
  regex: '/instance_id="(?<value>[^"]+)"|name="(?<text>[^"]+)"/g',
};

/** Several instances, or all of them. */
export const instances = many(BY_NAME);

/** Exactly one instance. */
export const instance = one(BY_NAME);

/** Users of the chosen instance. They are read only once, since an instance may have very many. */
export const user = many({
  name: 'user',
  label: text('User', '客户端账号'),
  description: text(
    'User (client account) of the instance; a regular expression may be typed.',
    '实例的客户端账号；可以输入正则表达式。',
  ),
  refresh: VariableRefresh.OnDashboardLoad,
  query:
    'label_values(sag_app_user_online_clients{account=~"$account", region_id=~"$region", instance_id=~"$instance"}, user_name)',
});

/** A time of `metrics.unused_after`, as it is written there. */
export const unusedFor = one({
  name: 'unused_for',
  label: text('Unused for', '未使用时长'),
  description: text(
    'How long users were not online. A time of metrics.unused_after is offered once an instance was watched for so long.',
    '客户端账号没有上线的时长。有实例观察满 metrics.unused_after 中的某个时长后，才能选择该时长。',
  ),
  query:
    'label_values(sag_app_users_unused{account=~"$account", region_id=~"$region"}, unused_for)',
});

/** Exporters by the address at which Prometheus scrapes them. All means these exporters, not every target. */
export const exporter: VariableIn = (language) =>
  choice(
    {
      name: 'exporter',
      label: text('Exporter', 'Exporter'),
      description: text(
        'Exporter, by the address at which it is scraped.',
        'Exporter 的抓取地址。',
      ),
      query: 'label_values(sag_app_exporter_build_info, instance)',
    },
    language,
  )
    .multi(true)
    .includeAll(true)
    .current(ALL);

/** A variable whose values come from a query. */
interface Choice {
  readonly name: string;
  readonly label: Text;
  readonly description: Text;
  readonly query: string;
  readonly regex?: string;
  /** @default when the time range changes */
  readonly refresh?: VariableRefresh;
}

function choice(options: Choice, language: Language): QueryVariableBuilder {
  const variable = new QueryVariableBuilder(options.name)
    .label(options.label[language])
    .description(options.description[language])
    .datasource(DATA_SOURCE)
    .refresh(options.refresh ?? VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalAsc)
    .query(options.query);
  return options.regex === undefined ? variable : variable.regex(options.regex);
}

function one(options: Choice): VariableIn {
  return (language) => choice(options, language);
}

function many(options: Choice): VariableIn {
  return (language) =>
    choice(options, language).multi(true).includeAll(true).allValue('.*').current(ALL);
}
