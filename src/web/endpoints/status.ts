import type { Request, Response } from 'express';
import { ASSET_NAMES } from './assets.ts';
import type { StatusAnswers, StatusAnswersOptions } from './status-answers.ts';

export type AddGet = (
  path: string,
  handler: (request: Request, response: Response) => unknown,
) => void;

const INSTANCE = '/instances/:account/:region/:instance';

/**
 * Adds the pages, their style and script, and the JSON documents. Their code is loaded at the first request of any of
 * them, because loading it makes the start slower.
 *
 * @returns a function that loads the code, if it is not loaded yet
 */
export function addStatus(get: AddGet, options: StatusAnswersOptions): () => Promise<unknown> {
  let loading: Promise<StatusAnswers> | undefined;
  const answers = async (): Promise<StatusAnswers> => {
    loading ??= loadAnswers(options);
    try {
      return await loading;
    } catch (error) {
      // The next request tries again.
      loading = undefined;
      throw error;
    }
  };
  const add = (
    path: string,
    answer: (answers: StatusAnswers, request: Request, response: Response) => unknown,
  ): void => get(path, async (request, response) => answer(await answers(), request, response));

  // With `--web.telemetry-path=/` the metrics replace the overview page.
  if (options.telemetryPath !== '/')
    add('/', (status, ...exchange) => status.overview(...exchange));
  add(INSTANCE, (status, ...exchange) => status.instancePage(...exchange));
  add('/api/v1/status', (status, ...exchange) => status.fleetDocument(...exchange));
  add(`/api/v1${INSTANCE}`, (status, ...exchange) => status.instanceDocument(...exchange));
  add(`/api/v1${INSTANCE}/users.csv`, (status, ...exchange) => status.usersCsv(...exchange));
  for (const name of ASSET_NAMES) {
    add(`/${name}`, (status, _request, response) => status.asset(name, response));
  }
  return answers;
}

async function loadAnswers(options: StatusAnswersOptions): Promise<StatusAnswers> {
  const { StatusAnswers } = await import('./status-answers.ts');
  return new StatusAnswers(options);
}
