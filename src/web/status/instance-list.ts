import { inSlices, SECOND } from '../../clock.ts';
import { REQUIRED_STAGES } from '../../model/stage.ts';
import { fleetSums, isDiscovered } from './fleet-sums.ts';
import { FINDING_NAMES, healthOf, type InstanceHealth, identityOf } from './instance-health.ts';
import { type Attention, attentionOf } from './instance-problems.ts';
import { instanceStatus } from './instance-status.ts';
import { type ListAbilities, type ListQuery, type Page, pageOf } from './list-query.ts';
import type { InstanceStatus, Status } from './schema.ts';
import { byKey, type Compare, type SortKey, sorted } from './sorting.ts';
import type { StatusSources } from './sources.ts';

export type InstanceColumn =
  | 'condition'
  | 'name'
  | 'account'
  | 'region'
  | 'used'
  | 'online'
  | 'age';
export type InstanceQuery = ListQuery<InstanceColumn, 'all' | 'attention'>;

/** What the list of instances can be asked for. */
export const INSTANCE_LIST: ListAbilities<InstanceColumn, InstanceQuery['show']> = {
  columns: {
    condition: 'asc',
    name: 'asc',
    account: 'asc',
    region: 'asc',
    used: 'desc',
    online: 'desc',
    age: 'desc',
  },
  shows: ['all', 'attention'],
  perPage: 100,
};

/** The instances that are wanted, the sums over all, and which of all need attention. */
export interface Instances {
  readonly list: Page<InstanceStatus>;
  readonly fleet: Status['fleet'];
  readonly attention: Attention;
}

/** Lists the instances of the fleet as they are now. */
export function listInstances(sources: StatusSources, query: InstanceQuery): Promise<Instances> {
  return inSlices(sources.clock, listed(sources, query));
}

function* listed(sources: StatusSources, query: InstanceQuery): Generator<undefined, Instances> {
  const { fleet, clock } = sources;
  const look = { staleAfter: sources.view().staleAfter, now: clock.now() / SECOND };
  const all: InstanceHealth[] = [];
  const matching: InstanceHealth[] = [];
  const search = query.search.toLowerCase();
  for (const record of [...fleet.instances]) {
    const health = healthOf(fleet, record, look);
    all.push(health);
    if (isWanted(health, search, query.show)) matching.push(health);
    yield;
  }
  const inOrder = yield* sorted(matching, comparison(query));
  const page = pageOf(inOrder, all.length, query);
  const items = page.items.map((health) => instanceStatus(health, look));
  const attention = yield* attentionOf(all);
  return { list: { ...page, items }, fleet: fleetSums(all, isDiscovered(fleet)), attention };
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
  const chosen = byKey(KEYS[sort], order);
  // Of those that fare alike the fuller first.
  const fuller = byKey<InstanceHealth>(({ seats }) => seats?.ratio, 'desc');
  const named = byKey<InstanceHealth>(({ record }) => identityOf(record.id), 'asc');
  return (one, other) =>
    chosen(one, other) || (sort === 'condition' ? fuller(one, other) : 0) || named(one, other);
}

/** The worst finding decides; instances that are not read yet stand before those that are well. */
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
  online: ({ visible }) => visible.online?.totals?.users,
  // What was never read is as old as can be.
  age: ({ record: { stages } }) =>
    -Math.min(...REQUIRED_STAGES.map((stage) => stages[stage].lastSuccess ?? 0)),
};
