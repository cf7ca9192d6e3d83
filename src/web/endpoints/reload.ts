import type { Express, Request, Response } from 'express';
import { CROSS_SITE_REFUSED, isCrossSite } from '../../http/cross-site.ts';
import { allowing } from './methods.ts';

/** Reads the configuration again; resolves with what is wrong with it, empty when it is in force. */
export type Reload = () => Promise<readonly string[]>;

/** Adds /-/reload, which answers as Prometheus' own does. @param reload absent: forbidden */
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

/** Closes the connection too: a refused client must not keep one open. */
function forbid(response: Response, reason: string): void {
  response.status(403).set('Connection', 'close').type('text/plain').send(`${reason}\n`);
}
