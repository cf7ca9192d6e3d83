import { inSlices } from '../../clock.ts';
import { REQUIRED_STAGES } from '../../model/stage.ts';
import type { Messages } from '../messages/index.ts';
import { fleetSums, isDiscovered } from './fleet-sums.ts';
import {
  BY_FULLNESS,
  BY_IDENTITY,
  FINDING_NAMES,
  healthCheckOf,
  healthOf,
  type InstanceHealth,
} from './instance-health.ts';
import { type Attention, attentionOf } from './instance-problems.ts';
import { instanceStatus } from './instance-status.ts';
import { type ListAbilities, type ListQuery, type Page, pageOf } from './list-query.ts';
import type { InstanceStatus, Status } from './schema.ts';
import { byKey, type Compare, type SortKey, sorted } from './sorting.ts';
import type { StatusSources } from './sources.ts';
import { longest } from './unused.ts';

export type InstanceColumn =
  | 'condition'
  | 'name'
  | 'account'
  | 'region'
  | 'used'
  | 'unused'
  | 'online'
  | 'subscription'
  | 'age';
export type InstanceQuery = ListQuery<InstanceColumn, 'all' | 'attention'>;

export const INSTANCE_LIST: ListAbilities<InstanceColumn, InstanceQuery['show']> = {
  columns: {
    condition: 'asc',
    name: 'asc',
    account: 'asc',
    region: 'asc',
    used: 'desc',
    unused: 'desc',
    online: 'desc',
    subscription: 'asc',
    age: 'desc',
  },
  defaultSort: 'condition',
  shows: ['all', 'attention'],
  perPage: 100,
};

export interface Instances {
  /** The page of the list that the query asks for. */
  readonly list: Page<InstanceStatus>;
  readonly fleet: Status['fleet'];
  readonly attention: Attention;
}

export function listInstances(
  sources: StatusSources,
  query: InstanceQuery,
  messages: Messages,
): Promise<Instances> {
  return inSlices(sources.clock, instances(sources, query, messages));
}

function* instances(
  sources: StatusSources,
  query: InstanceQuery,
  messages: Messages,
): Generator<undefined, Instances> {
  const { fleet } = sources;
  const check = healthCheckOf(sources);
  const all: InstanceHealth[] = [];
  const matching: InstanceHealth[] = [];
  const search = query.search.toLowerCase();
  for (const record of [...fleet.instances]) {
    const health = healthOf(fleet, record, check);
    all.push(health);
    if (isWanted(health, search, query.show)) matching.push(health);
    yield;
  }
  const inOrder = yield* sorted(matching, comparison(query));
  const page = pageOf(inOrder, all.length, query);
  const items = page.items.map((health) => instanceStatus(health, check, messages));
  const attention = yield* attentionOf(all);
  return {
    list: { ...page, items },
    fleet: fleetSums(all, isDiscovered(fleet), check.unusedAfter),
    attention,
  };
}

function isWanted(
  { visible: { id, info }, findings }: InstanceHealth,
  search: string,
  show: InstanceQuery['show'],
): boolean {
  if (show === 'attention' && findings.length === 0) return false;
  if (search === '') return true;
  const texts = [info?.name ?? '', id.instanceId, id.account, id.regionId];
  return texts.some((text) => text.toLowerCase().includes(search));
}

function comparison({ sort, order }: InstanceQuery): Compare<InstanceHealth> {
  const byColumn = byKey(KEYS[sort], order);
  // Instances with the same condition are sorted by how full they are.
  return (a, b) =>
    byColumn(a, b) || (sort === 'condition' ? BY_FULLNESS(a, b) : 0) || BY_IDENTITY(a, b);
}

/** Ranks an instance by its worst finding. Instances that were not read yet come before those without findings. */
function rankOf({ condition, findings: [worst] }: InstanceHealth): number {
  if (worst !== undefined) return FINDING_NAMES.indexOf(worst);
  return FINDING_NAMES.length + Number(condition === 'ok');
}

const KEYS: Readonly<Record<InstanceColumn, (health: InstanceHealth) => SortKey>> = {
  condition: rankOf,
  name: ({ visible: { id, info } }) => (info?.name || id.instanceId).toLowerCase(),
  account: ({ record }) => record.id.account.toLowerCase(),
  region: ({ record }) => record.id.regionId,
  used: ({ seats }) => seats?.ratio,
  unused: ({ unused }) => longest(unused)?.users,
  online: ({ visible }) => visible.online?.totals?.users,
  subscription: ({ subscription }) => subscription?.end,
  // A stage that has never succeeded counts as the oldest.
  age: ({ record: { stages } }) =>
    -Math.min(...REQUIRED_STAGES.map((stage) => stages[stage].lastSuccess ?? 0)),
};
