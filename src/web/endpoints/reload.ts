import type { Express, Request, Response } from 'express';
import { CROSS_SITE_REFUSED, isCrossSite } from '../../http/cross-site.ts';
import { allowing } from './methods.ts';

/**
 * Loads the configuration again. Resolves with its problems; if there are none, the configuration is now in
 * force.
 */
export type Reload = () => Promise<readonly string[]>;

/**
 * Adds the endpoint /-/reload, with the answers of Prometheus.
 *
 * @param reload absent when reloading is forbidden
 */
export function addReload(app: Express, reload: Reload | undefined): void {
  const handler = async (request: Request, response: Response): Promise<void> => {
    if (isCrossSite(request.headers)) {
      forbid(response, CROSS_SITE_REFUSED);
      return;
    }
    if (!reload) {
      forbid(response, 'Reloading by HTTP is not enabled (--web.enable-lifecycle)');
      return;
    }
    const problems = await reload();
    response.type('text/plain');
    if (problems.length === 0) response.send('Reloaded\n');
    else response.status(500).send(`Not reloaded:\n${problems.join('\n')}\n`);
  };
  app.route('/-/reload').post(handler).put(handler).all(allowing('POST', 'PUT'));
}

/** Refuses a request and closes its connection, because a refused client must not keep a connection open. */
function forbid(response: Response, reason: string): void {
  response.status(403).set('Connection', 'close').type('text/plain').send(`${reason}\n`);
}
