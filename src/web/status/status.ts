import { SECOND } from '../../clock.ts';
import type { InstanceId } from '../../model/instance.ts';
import { accountStatus } from './account-status.ts';
import { healthOf } from './instance-health.ts';
import { type InstanceQuery, listInstances } from './instance-list.ts';
import { instanceStatus } from './instance-status.ts';
import { privacyOf, showsUsers } from './privacy.ts';
import { problemsOf } from './problems.ts';
import { type InstancePage, SHAPE_VERSION, type Status } from './schema.ts';
import type { StatusSources } from './sources.ts';
import { errorStatus } from './stage-status.ts';
import { isoTime } from './times.ts';
import { UserLists, type UserQuery } from './user-lists.ts';

/** Makes the documents that the pages and the JSON show, with the data of now. */
export class StatusDocuments {
  readonly #sources: StatusSources;
  readonly #reasonsNotReady: () => readonly string[];
  readonly #userLists: UserLists;

  constructor(sources: StatusSources, reasonsNotReady: () => readonly string[]) {
    this.#sources = sources;
    this.#reasonsNotReady = reasonsNotReady;
    this.#userLists = new UserLists(sources.clock);
  }

  async status(query: InstanceQuery): Promise<Status> {
    const { list, fleet, attention } = await listInstances(this.#sources, query);
    const sources = this.#sources;
    const ageCheck = { staleAfter: sources.view().staleAfter, now: this.#now() };
    const notReady = this.#reasonsNotReady();
    return {
      ...this.#head(),
      exporter: this.#exporter(notReady.length === 0),
      privacy: privacyOf(sources.view()),
      problems: [...problemsOf(sources, notReady, attention)],
      fleet,
      instances: { ...list, items: [...list.items] },
      accounts: Array.from(sources.fleet.accounts, (account) =>
        accountStatus(account, sources, ageCheck),
      ),
      failedCalls: Array.from(sources.calls.failed(), ({ account, count, lastAt, error }) => ({
        account: account,
        count,
        lastTime: isoTime(lastAt) ?? '',
        error: errorStatus(error),
      })),
    };
  }

  /** The document about an instance and its users; undefined when there is no such instance. */
  async instance(id: InstanceId, query: UserQuery): Promise<InstancePage | undefined> {
    const { fleet } = this.#sources;
    const record = fleet.instance(id);
    if (!record) return undefined;
    const view = this.#sources.view();
    const ageCheck = { staleAfter: view.staleAfter, now: this.#now() };
    const health = healthOf(fleet, record, ageCheck);
    const privacy = privacyOf(view);
    const users = showsUsers(privacy)
      ? await this.#userLists.page(record, health.visible, view, query)
      : undefined;
    return {
      ...this.#head(),
      privacy,
      instance: instanceStatus(health, ageCheck),
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
