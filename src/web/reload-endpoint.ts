import type { Express, Request, Response } from 'express';

/** Reads the configuration again; resolves with what is wrong with it, empty when it is in force. */
export type Reload = () => Promise<readonly string[]>;

/** Adds /-/reload, which answers as Prometheus' own does. @param reload absent: forbidden */
export function addReload(app: Express, reload: Reload | undefined): void {
  const handler = async (_request: Request, response: Response): Promise<void> => {
    response.type('text/plain');
    if (!reload) {
      response.status(403).send('Reloading by HTTP is not enabled (--web.enable-lifecycle)\n');
      return;
    }
    const problems = await reload();
    if (problems.length === 0) response.send('Reloaded\n');
    else response.status(500).send(`Not reloaded:\n${problems.join('\n')}\n`);
  };
  app
    .route('/-/reload')
    .post(handler)
    .put(handler)
    .all((_request, response) => {
      response.status(405).set('Allow', 'POST, PUT').type('text/plain').send('Only POST or PUT\n');
    });
}
