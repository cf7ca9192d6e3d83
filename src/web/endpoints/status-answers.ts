import type { Request, Response } from 'express';
import type { NotReady } from '../../fleet/not-ready.ts';
import { MESSAGES } from '../messages/index.ts';
import type { PageContext } from '../pages/context.ts';
import type { Html } from '../pages/html.ts';
import { instancePage } from '../pages/instance-page.ts';
import { notFoundPage } from '../pages/not-found-page.ts';
import { overviewPage } from '../pages/overview-page.ts';
import { INSTANCE_LIST } from '../status/instance-list.ts';
import { listQuery, MOST_PER_PAGE } from '../status/list-query.ts';
import type { StatusSources } from '../status/sources.ts';
import { StatusDocuments } from '../status/status.ts';
import { isoTime } from '../status/times.ts';
import { USER_LIST, userQuery } from '../status/user-query.ts';
import { ASSET_AGE, type Asset, type AssetName, readAssets, versionOf } from './assets.ts';
import { languageOf } from './language.ts';
import { PAGE_HEADERS, setDefaults } from './security-headers.ts';
import { UsersCsv } from './users-csv.ts';

export interface StatusAnswersOptions {
  readonly status: StatusSources;
  /** Why /-/ready answers 503; empty once the exporter is ready. */
  readonly reasonsNotReady: () => readonly NotReady[];
  /** @default /metrics */
  readonly telemetryPath: string;
}

/** Answers the requests for pages, for their style and script, and for JSON documents. */
export class StatusAnswers {
  readonly #status: StatusSources;
  readonly #telemetryPath: string;
  readonly #documents: StatusDocuments;
  readonly #csv: UsersCsv;
  readonly #assets: Readonly<Record<AssetName, Asset>>;
  readonly #assetsVersion: string;

  /** @throws Error when a file of the pages is missing */
  constructor({ status, reasonsNotReady, telemetryPath }: StatusAnswersOptions) {
    this.#status = status;
    this.#telemetryPath = telemetryPath;
    this.#documents = new StatusDocuments(status, reasonsNotReady);
    this.#csv = new UsersCsv(status.clock);
    this.#assets = readAssets();
    this.#assetsVersion = versionOf(this.#assets);
  }

  async overview(request: Request, response: Response): Promise<void> {
    const context = this.#contextOf(request, './');
    const query = listQuery(context.parameters, INSTANCE_LIST);
    const document = await this.#documents.status(query, context.messages);
    sendPage(response, context, overviewPage(document, query, context));
  }

  async instancePage(request: Request, response: Response): Promise<void> {
    const context = this.#contextOf(request, '../../../');
    const query = userQuery(context.parameters);
    const page = await this.#documents.instance(instanceIn(request), query, context.messages);
    if (query.invalid !== undefined) response.status(400);
    if (page) sendPage(response, context, instancePage(page, query, context));
    else sendPage(response.status(404), context, notFoundPage(nowOf(this.#status), context));
  }

  async fleetDocument(request: Request, response: Response): Promise<void> {
    const query = listQuery(parametersOf(request), { ...INSTANCE_LIST, perPage: MOST_PER_PAGE });
    response.json(await this.#documents.status(query));
  }

  async instanceDocument(request: Request, response: Response): Promise<void> {
    const query = userQuery(parametersOf(request), { ...USER_LIST, perPage: MOST_PER_PAGE });
    const page = await this.#documents.instance(instanceIn(request), query);
    if (!page) response.status(404).json({ error: 'no such instance' });
    else if (query.invalid !== undefined) response.status(400).json({ error: page.usersAbsent });
    else response.json(page);
  }

  async usersCsv(request: Request, response: Response): Promise<void> {
    const id = instanceIn(request);
    const listing = await this.#documents.users(id, userQuery(parametersOf(request)));
    await this.#csv.answer(request, response, id, listing);
  }

  asset(name: AssetName, response: Response): void {
    const { type, body } = this.#assets[name];
    response.set('Cache-Control', `private, max-age=${ASSET_AGE}`).type(type).send(body);
  }

  #contextOf(request: Request, root: string): PageContext {
    const parameters = parametersOf(request);
    const { language, isAsked } = languageOf(request, parameters);
    return {
      root,
      telemetryPath: this.#telemetryPath,
      build: this.#status.build,
      assetsVersion: this.#assetsVersion,
      language,
      messages: MESSAGES[language],
      isLanguageAsked: isAsked,
      parameters,
    };
  }
}

function sendPage(response: Response, { language }: PageContext, page: Html): void {
  setDefaults(response, PAGE_HEADERS);
  response.vary('Accept-Language').set('Content-Language', language);
  response.type('html').send(page.text);
}

/** Parses the query itself, because Express turns some parameters into lists and objects. */
function parametersOf({ originalUrl }: Request): URLSearchParams {
  const at = originalUrl.indexOf('?');
  return new URLSearchParams(at < 0 ? '' : originalUrl.slice(at));
}

function instanceIn({ params }: Request) {
  const { account, region, instance } = params;
  return { account: String(account), regionId: String(region), instanceId: String(instance) };
}

function nowOf({ clock }: StatusSources): string {
  return isoTime(clock.now() / 1000) ?? '';
}
