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
import { ASSET_AGE, readAssets, versionOf } from './assets.ts';
import { languageOf } from './language.ts';
import { PAGE_HEADERS, setDefaults } from './security-headers.ts';
import { UsersCsv } from './users-csv.ts';

export interface StatusEndpointsOptions {
  readonly status: StatusSources;
  /** Why /-/ready answers 503; empty once the exporter is ready. */
  readonly reasonsNotReady: () => readonly NotReady[];
  /** @default /metrics */
  readonly telemetryPath: string;
}

export type AddGet = (
  path: string,
  handler: (request: Request, response: Response) => unknown,
) => void;

const INSTANCE = '/instances/:account/:region/:instance';

/** Adds the pages, their style and script, and the JSON documents. */
export function addStatus(get: AddGet, options: StatusEndpointsOptions): void {
  const { status, reasonsNotReady, telemetryPath } = options;
  const documents = new StatusDocuments(status, reasonsNotReady);
  const assets = readAssets();
  const assetsVersion = versionOf(assets);
  const contextOf = (request: Request, root: string): PageContext => {
    const parameters = parametersOf(request);
    const { language, isAsked } = languageOf(request, parameters);
    return {
      root,
      telemetryPath,
      assetsVersion,
      language,
      messages: MESSAGES[language],
      isLanguageAsked: isAsked,
      parameters,
    };
  };

  // With `--web.telemetry-path=/` the metrics replace the overview page.
  if (telemetryPath !== '/') {
    get('/', async (request, response) => {
      const context = contextOf(request, './');
      const query = listQuery(context.parameters, INSTANCE_LIST);
      const document = await documents.status(query, context.messages);
      sendPage(response, context, overviewPage(document, query, context));
    });
  }
  get(INSTANCE, async (request, response) => {
    const context = contextOf(request, '../../../');
    const query = userQuery(context.parameters);
    const page = await documents.instance(instanceIn(request), query, context.messages);
    if (query.invalid !== undefined) response.status(400);
    if (page) sendPage(response, context, instancePage(page, query, context));
    else sendPage(response.status(404), context, notFoundPage(nowOf(status), context));
  });
  get('/api/v1/status', async (request, response) => {
    const query = listQuery(parametersOf(request), { ...INSTANCE_LIST, perPage: MOST_PER_PAGE });
    response.json(await documents.status(query));
  });
  get(`/api/v1${INSTANCE}`, async (request, response) => {
    const query = userQuery(parametersOf(request), { ...USER_LIST, perPage: MOST_PER_PAGE });
    const page = await documents.instance(instanceIn(request), query);
    if (!page) response.status(404).json({ error: 'no such instance' });
    else if (query.invalid !== undefined) response.status(400).json({ error: page.usersAbsent });
    else response.json(page);
  });
  const csv = new UsersCsv(status.clock);
  get(`/api/v1${INSTANCE}/users.csv`, async (request, response) => {
    const id = instanceIn(request);
    const listing = await documents.users(id, userQuery(parametersOf(request)));
    await csv.answer(request, response, id, listing);
  });
  for (const { name, type, body } of assets) {
    get(`/${name}`, (_request, response) => {
      response.set('Cache-Control', `private, max-age=${ASSET_AGE}`).type(type).send(body);
    });
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
