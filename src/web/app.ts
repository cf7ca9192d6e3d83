import express, { type Express, type Request, type Response } from 'express';
import { reasonText } from '../fleet/not-ready.ts';
import type { Log } from '../log.ts';
import { allowing } from './endpoints/methods.ts';
import { type MetricsEndpointOptions, metricsEndpoint } from './endpoints/metrics.ts';
import { addReload, type Reload } from './endpoints/reload.ts';
import { SECURITY_HEADERS, setDefaults } from './endpoints/security-headers.ts';
import { type AddGet, addStatus } from './endpoints/status.ts';
import type { StatusAnswersOptions } from './endpoints/status-answers.ts';

export interface WebOptions extends MetricsEndpointOptions, StatusAnswersOptions {
  /** Handles a POST to /-/reload. When absent, reloading is forbidden. */
  readonly reload?: Reload | undefined;
  readonly log: Log;
}

/** Makes the app with all endpoints of the exporter. It does not listen yet. */
export function createApp(options: WebOptions): Express {
  const app = express();
  app.disable('x-powered-by');
  // Scrapers send no If-None-Match, so hashing an answer of 85 MB for an ETag would be wasted.
  app.disable('etag');
  app.set('strict routing', true);
  app.set('case sensitive routing', true);

  app.use((_request, response, next) => {
    setDefaults(response, SECURITY_HEADERS);
    next();
  });
  // The path of `OPTIONS *` is `*`, which stands for the whole server and matches no route.
  app.use((request, response, next) => {
    if (request.url === '*' && request.method === 'OPTIONS') {
      allowing('GET', 'HEAD')(request, response);
    } else {
      next();
    }
  });
  // Express answers HEAD with the handler of GET.
  const get: AddGet = (path, handler) => {
    app
      .route(path)
      .get(async (request, response) => {
        await handler(request, response);
      })
      .all(allowing('GET', 'HEAD'));
  };
  const loadStatus = addStatus(get, options);
  const onScrape = (seconds: number): void => {
    options.onScrape(seconds);
    // Loads the code of the pages now. A later upgrade may replace the files in dist/, and this process could not
    // load them any more. If loading fails, the next request for a page reports that.
    loadStatus().catch(() => {});
  };
  get(options.telemetryPath, metricsEndpoint({ ...options, onScrape }));
  get('/-/healthy', (_request, response) => response.type('text/plain').send('OK\n'));
  get('/-/ready', (_request, response) => {
    const reasons = options.reasonsNotReady();
    response
      .status(reasons.length === 0 ? 200 : 503)
      .type('text/plain')
      .send(
        reasons.length === 0 ? 'Ready\n' : `Not ready:\n${reasons.map(reasonText).join('\n')}\n`,
      );
  });
  addReload(app, options.reload);
  app.use((_request, response) => {
    response.status(404).type('text/plain').send('Not found\n');
  });
  app.use((error: unknown, request: Request, response: Response, _next: unknown) => {
    // An example is a path that cannot be decoded.
    if (isClientError(error) && !response.headersSent) {
      response.status(400).type('text/plain').send('Bad request\n');
      return;
    }
    options.log.error({ err: error, path: request.path }, 'a request could not be answered');
    if (response.headersSent) response.destroy();
    else response.status(500).type('text/plain').send('Internal error\n');
  });
  return app;
}

function isClientError(error: unknown): boolean {
  return error instanceof Error && 'status' in error && error.status === 400;
}
