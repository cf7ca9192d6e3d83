import { SECOND } from '../../clock.ts';
import type { NotReady } from '../../fleet/not-ready.ts';
import type { InstanceId } from '../../model/instance.ts';
import { english, type Messages } from '../messages/index.ts';
import { accountStatus } from './account-status.ts';
import { healthCheckOf, healthOf } from './instance-health.ts';
import { type InstanceQuery, listInstances } from './instance-list.ts';
import { instanceStatus } from './instance-status.ts';
import { pageOf } from './list-query.ts';
import { privacyOf } from './privacy.ts';
import { problemsOf } from './problems.ts';
import { type InstancePage, SHAPE_VERSION, type Status } from './schema.ts';
import type { StatusSources } from './sources.ts';
import { errorStatus } from './stage-status.ts';
import { isoTime } from './times.ts';
import { listUsers, type NoListing, type UserListing } from './user-listing.ts';
import { UserLists } from './user-lists.ts';
import type { UserQuery } from './user-query.ts';

/** Makes the documents that the pages and the JSON show, with the data of now. */
export class StatusDocuments {
  readonly #sources: StatusSources;
  readonly #reasonsNotReady: () => readonly NotReady[];
  readonly #userLists: UserLists;

  constructor(sources: StatusSources, reasonsNotReady: () => readonly NotReady[]) {
    this.#sources = sources;
    this.#reasonsNotReady = reasonsNotReady;
    this.#userLists = new UserLists(sources.clock);
  }

  /** @param messages the language of the document; the JSON is in English */
  async status(query: InstanceQuery, messages: Messages = english): Promise<Status> {
    const { list, fleet, attention } = await listInstances(this.#sources, query, messages);
    const sources = this.#sources;
    const check = healthCheckOf(sources);
    const notReady = this.#reasonsNotReady();
    return {
      ...this.#head(),
      exporter: this.#exporter(notReady.length === 0),
      privacy: privacyOf(sources.view()),
      problems: [...problemsOf(sources, notReady, attention, messages)],
      fleet,
      instances: { ...list, items: [...list.items] },
      accounts: Array.from(sources.fleet.accounts, (account) =>
        accountStatus(account, sources, check, messages),
      ),
      failedCalls: Array.from(sources.calls.failed(), ({ account, count, lastAt, error }) => ({
        account: account,
        count,
        lastTime: isoTime(lastAt) ?? '',
        error: errorStatus(error, messages),
      })),
    };
  }

  /** The document about an instance and its users; undefined when there is no such instance. */
  async instance(
    id: InstanceId,
    query: UserQuery,
    messages: Messages = english,
  ): Promise<InstancePage | undefined> {
    const sources = this.#sources;
    const record = sources.fleet.instance(id);
    if (!record) return undefined;
    const check = healthCheckOf(sources);
    const health = healthOf(sources.fleet, record, check);
    const listing = await listUsers(this.#userLists, sources, health, query, messages);
    return {
      ...this.#head(),
      privacy: privacyOf(sources.view()),
      keepsState: sources.keepsState(),
      instance: instanceStatus(health, check, messages),
      ...('reason' in listing
        ? { usersAbsent: listing.text }
        : { users: usersPage(listing, query) }),
    };
  }

  /** All users of an instance that match the query; undefined when there is no such instance. */
  async users(id: InstanceId, query: UserQuery): Promise<UserListing | NoListing | undefined> {
    const sources = this.#sources;
    const record = sources.fleet.instance(id);
    if (!record) return undefined;
    const health = healthOf(sources.fleet, record, healthCheckOf(sources));
    return listUsers(this.#userLists, sources, health, query, english);
  }

  #head() {
    return { version: SHAPE_VERSION, time: isoTime(this.#now()) ?? '' } as const;
  }

  #now(): number {
    return this.#sources.clock.now() / SECOND;
  }

  #exporter(ready: boolean): Status['exporter'] {
    const { build, startedAt, series, lastScrape, configuration, keepsState } = this.#sources;
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
      keepsState: keepsState(),
      configurationLoaded: isoTime(loadedAt) ?? '',
      configurationRefused: isoTime(refused?.at),
      configurationProblems: [...(refused?.problems ?? [])],
    };
  }
}

function usersPage(listing: UserListing, query: UserQuery): InstancePage['users'] {
  const page = pageOf(listing.users, listing.total, query);
  return { ...page, items: page.items.map(listing.statusOf) };
}
