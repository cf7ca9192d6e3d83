import { SECOND } from '../../clock.ts';
import type { InstanceId } from '../../model/instance.ts';
import { accountStatus } from './account-status.ts';
import { healthOf } from './instance-health.ts';
import { type InstanceQuery, listInstances } from './instance-list.ts';
import { instanceStatus } from './instance-status.ts';
import { privacyOf, tellsUsers } from './privacy.ts';
import { problemsOf } from './problems.ts';
import { type InstancePage, SHAPE_VERSION, type Status } from './schema.ts';
import type { StatusSources } from './sources.ts';
import { errorStatus } from './stage-status.ts';
import { isoTime } from './times.ts';
import { UserLists, type UserQuery } from './user-lists.ts';

/** Tells how everything is now; the pages and the JSON are made of it. */
export class StatusTeller {
  readonly #sources: StatusSources;
  readonly #reasonsNotReady: () => readonly string[];
  readonly #userLists: UserLists;

  constructor(sources: StatusSources, reasonsNotReady: () => readonly string[]) {
    this.#sources = sources;
    this.#reasonsNotReady = reasonsNotReady;
    this.#userLists = new UserLists(sources.clock);
  }

  /** The fleet and the exporter. */
  async status(query: InstanceQuery): Promise<Status> {
    const { list, fleet, attention } = await listInstances(this.#sources, query);
    const sources = this.#sources;
    const look = { staleAfter: sources.view().staleAfter, now: this.#now() };
    const notReady = this.#reasonsNotReady();
    return {
      ...this.#head(),
      exporter: this.#exporter(notReady.length === 0),
      privacy: privacyOf(sources.view()),
      problems: [...problemsOf(sources, notReady, attention)],
      fleet,
      instances: { ...list, items: [...list.items] },
      accounts: Array.from(sources.fleet.accounts, (one) => accountStatus(one, sources, look)),
      failedCalls: Array.from(sources.calls.failed(), ({ account, count, lastAt, error }) => ({
        account: account,
        count,
        lastTime: isoTime(lastAt) ?? '',
        error: errorStatus(error),
      })),
    };
  }

  /** One instance and its users; absent when there is none such. */
  async instance(id: InstanceId, query: UserQuery): Promise<InstancePage | undefined> {
    const { fleet } = this.#sources;
    const record = fleet.instance(id);
    if (!record) return undefined;
    const view = this.#sources.view();
    const look = { staleAfter: view.staleAfter, now: this.#now() };
    const health = healthOf(fleet, record, look);
    const privacy = privacyOf(view);
    const users = tellsUsers(privacy)
      ? await this.#userLists.page(record, health.visible, view, query)
      : undefined;
    return {
      ...this.#head(),
      privacy,
      instance: instanceStatus(health, look),
      users: users && { ...users, items: [...users.items] },
    };
  }

  #head() {
    return { version: SHAPE_VERSION, time: isoTime(this.#now()) ?? '' } as const;
  }

  #now(): number {
    return this.#sources.clock.now() / SECOND;
  }

  #exporter(ready: boolean): Status['exporter'] {
    const { build, startedAt, series, lastScrape, configuration } = this.#sources;
    const { loadedAt, refused } = configuration();
    const count = series();
    return {
      version: build.version,
      revision: build.revision || undefined,
      nodeVersion: build.nodeVersion,
      startTime: isoTime(startedAt) ?? '',
      ready,
      lastScrape: isoTime(lastScrape()),
      seriesExposed: count?.exposed,
      seriesDropped: count?.dropped,
      configurationLoaded: isoTime(loadedAt) ?? '',
      configurationRefused: isoTime(refused?.at),
      configurationProblems: [...(refused?.problems ?? [])],
    };
  }
}
