import type { Request, Response } from 'express';
import type { Html } from '../pages/html.ts';
import { instancePage } from '../pages/instance-page.ts';
import type { PageLinks } from '../pages/layout.ts';
import { notFoundPage } from '../pages/not-found-page.ts';
import { overviewPage } from '../pages/overview-page.ts';
import { INSTANCE_LIST } from '../status/instance-list.ts';
import { listQuery, MOST_PER_PAGE } from '../status/list-query.ts';
import type { StatusSources } from '../status/sources.ts';
import { StatusDocuments } from '../status/status.ts';
import { isoTime } from '../status/times.ts';
import { USER_LIST, userQuery } from '../status/user-query.ts';
import { ASSET_AGE, readAssets, versionOf } from './assets.ts';
import { PAGE_HEADERS, setDefaults } from './security-headers.ts';
import { UsersCsv } from './users-csv.ts';

export interface StatusEndpointsOptions {
  readonly status: StatusSources;
  /** Why /-/ready answers 503; empty once the exporter is ready. */
  readonly reasonsNotReady: () => readonly string[];
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
  const linksFrom = (root: string): PageLinks => ({ root, telemetryPath, assetsVersion });

  // With `--web.telemetry-path=/` the metrics replace the overview page.
  if (telemetryPath !== '/') {
    get('/', async (request, response) => {
      const query = listQuery(parametersOf(request), INSTANCE_LIST);
      sendPage(response, overviewPage(await documents.status(query), query, linksFrom('./')));
    });
  }
  get(INSTANCE, async (request, response) => {
    const query = userQuery(parametersOf(request));
    const page = await documents.instance(instanceIn(request), query);
    const links = linksFrom('../../../');
    if (query.invalid !== undefined) response.status(400);
    if (page) sendPage(response, instancePage(page, query, links));
    else sendPage(response.status(404), notFoundPage(nowOf(status), links));
  });
  get('/api/v1/status', async (request, response) => {
    const query = listQuery(parametersOf(request), { ...INSTANCE_LIST, perPage: MOST_PER_PAGE });
    response.json(await documents.status(query));
  });
  get(`/api/v1${INSTANCE}`, async (request, response) => {
    const query = userQuery(parametersOf(request), { ...USER_LIST, perPage: MOST_PER_PAGE });
    const page = await documents.instance(instanceIn(request), query);
    if (!page) response.status(404).json({ error: 'no such instance' });
    else if (query.invalid !== undefined) response.status(400).json({ error: query.invalid });
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

function sendPage(response: Response, page: Html): void {
  setDefaults(response, PAGE_HEADERS);
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
