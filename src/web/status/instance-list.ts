import { inSlices, SECOND } from '../../clock.ts';
import { INSTANCE_STAGES } from '../../model/stage.ts';
import { instanceStatus, type Standing, standingOf } from './instance-status.ts';
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

/** The worst first. */
const CONDITIONS: readonly InstanceStatus['condition'][] = [
  'down',
  'critical',
  'warning',
  'starting',
  'ok',
];

/** The instances that are wanted, and sums over all. */
export interface Instances {
  readonly list: Page<InstanceStatus>;
  readonly fleet: Status['fleet'];
}

/** Lists the instances of the fleet as they are now. */
export function listInstances(sources: StatusSources, query: InstanceQuery): Promise<Instances> {
  return inSlices(sources.clock, listed(sources, query));
}

function* listed(sources: StatusSources, query: InstanceQuery): Generator<undefined, Instances> {
  const { fleet, clock } = sources;
  const { staleAfter } = sources.view();
  const standings: Standing[] = [];
  const matching: Standing[] = [];
  const search = query.search.toLowerCase();
  for (const record of [...fleet.instances]) {
    const standing = standingOf(fleet, record, staleAfter);
    standings.push(standing);
    if (isWanted(standing, search, query.show)) matching.push(standing);
    yield;
  }
  const inOrder = yield* sorted(matching, comparison(query));
  const page = pageOf(inOrder, standings.length, query);
  const look = { staleAfter, now: clock.now() / SECOND };
  const items = page.items.map((standing) => instanceStatus(standing, look));
  return { list: { ...page, items }, fleet: sumsOf(standings) };
}

function sumsOf(standings: readonly Standing[]): Status['fleet'] {
  const sum = (of: (standing: Standing) => number | undefined): number =>
    standings.reduce((total, standing) => total + (of(standing) ?? 0), 0);
  const isLimitKnown = standings.every(({ visible }) => visible.usersLimit !== undefined);
  return {
    instances: standings.length,
    instancesUp: sum(({ visible }) => Number(visible.up)),
    users: sum(({ users }) => users),
    usersLimit: isLimitKnown ? sum(({ visible }) => visible.usersLimit) : undefined,
    onlineUsers: sum(({ visible }) => visible.online?.totals?.users),
    onlineClients: sum(({ visible }) => visible.online?.totals?.clients),
  };
}

function isWanted(
  { visible: { id, info }, condition }: Standing,
  search: string,
  show: InstanceQuery['show'],
): boolean {
  if (show === 'attention' && (condition === 'ok' || condition === 'starting')) return false;
  if (search === '') return true;
  const texts = [info?.name ?? '', id.instanceId, id.account, id.regionId];
  return texts.some((text) => text.toLowerCase().includes(search));
}

function comparison({ sort, order }: InstanceQuery): Compare<Standing> {
  const chosen = byKey(KEYS[sort], order);
  // Of those that fare alike the fuller first.
  const fuller = byKey<Standing>(({ ratio }) => ratio, 'desc');
  const named = byKey(identityOf, 'asc');
  return (one, other) =>
    chosen(one, other) || (sort === 'condition' ? fuller(one, other) : 0) || named(one, other);
}

const identityOf = ({ record: { id } }: Standing): string =>
  [id.account, id.regionId, id.instanceId].join('\n');

const KEYS: Readonly<Record<InstanceColumn, (standing: Standing) => SortKey>> = {
  condition: ({ condition }) => CONDITIONS.indexOf(condition),
  name: ({ visible: { id, info } }) => (info?.name || id.instanceId).toLowerCase(),
  account: ({ record }) => record.id.account.toLowerCase(),
  region: ({ record }) => record.id.regionId,
  used: ({ ratio }) => ratio,
  online: ({ visible }) => visible.online?.totals?.users,
  // What was never read is as old as can be.
  age: ({ record: { stages } }) =>
    -Math.min(...INSTANCE_STAGES.map((stage) => stages[stage].lastSuccess ?? 0)),
};
