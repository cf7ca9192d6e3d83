import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  type VariableModel,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { named } from './queries.ts';

/** The data source, chosen by the first variable of every dashboard. */
export const DATA_SOURCE = { type: 'prometheus', uid: '${datasource}' } as const;

const ALL = { selected: true, text: ['All'], value: ['$__all'] };

/** A variable of a dashboard. */
export type Variable = Builder<VariableModel>;

export const dataSource = (): Variable =>
  new DatasourceVariableBuilder('datasource')
    .label('Data source')
    .description('The Prometheus that scrapes the exporter.')
    .type('prometheus');

export const account = (): Variable =>
  many('account', 'Account', 'Alibaba Cloud account, as the configuration names it.').query(
    'label_values(sag_app_account_up, account)',
  );

export const region = (): Variable =>
  many('region', 'Region', 'Region of the instances.').query(
    'label_values(sag_app_instance_up{account=~"$account"}, region_id)',
  );

/** Shows the names of the instances, and holds their ids. */
const INSTANCE_QUERY = `query_result(max by (instance_id, name) (${named(
  'sag_app_instance_up{account=~"$account", region_id=~"$region"}',
)}))`;
const INSTANCE_REGEX = '/instance_id="(?<value>[^"]+)"|name="(?<text>[^"]+)"/g';

/** Several instances, or all of them. */
export const instances = (): Variable =>
  many('instance', 'Instance', 'SAG APP instance.').query(INSTANCE_QUERY).regex(INSTANCE_REGEX);

/** Exactly one instance. */
export const instance = (): Variable =>
  choice('instance', 'Instance', 'SAG APP instance.').query(INSTANCE_QUERY).regex(INSTANCE_REGEX);

/** Users of the chosen instance. They are read only once, since an instance may have very many. */
export const user = (): Variable =>
  many('user', 'User', 'User (client account) of the instance; a regular expression may be typed.')
    .refresh(VariableRefresh.OnDashboardLoad)
    .query(
      'label_values(sag_app_user_online_clients{account=~"$account", region_id=~"$region", instance_id=~"$instance"}, user_name)',
    );

/** A time of `metrics.unused_after`, as it is written there. */
export const unusedFor = (): Variable =>
  choice(
    'unused_for',
    'Unused for',
    'How long users were not online. A time of metrics.unused_after is offered once an instance was watched for so long.',
  ).query(
    'label_values(sag_app_users_unused{account=~"$account", region_id=~"$region"}, unused_for)',
  );

/** Exporters by the address at which Prometheus scrapes them. All means these exporters, not every target. */
export const exporter = (): Variable =>
  choice('exporter', 'Exporter', 'Exporter, by the address at which it is scraped.')
    .multi(true)
    .includeAll(true)
    .current(ALL)
    .query('label_values(sag_app_exporter_build_info, instance)');

function choice(name: string, label: string, description: string): QueryVariableBuilder {
  return new QueryVariableBuilder(name)
    .label(label)
    .description(description)
    .datasource(DATA_SOURCE)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalAsc);
}

function many(name: string, label: string, description: string): QueryVariableBuilder {
  return choice(name, label, description).multi(true).includeAll(true).allValue('.*').current(ALL);
}
