import type { RequestListener } from 'node:http';
import bodyParser from 'body-parser';
import express, { type ErrorRequestHandler, type Response } from 'express';
import { z } from 'zod';
import { CROSS_SITE_REFUSED, isCrossSite } from '../../http/cross-site.ts';
import { answerOptions } from '../../http/options.ts';
import { nearest } from '../../input/nearest.ts';
import { formatPath } from '../../input/path.ts';
import type { Finding } from '../../input/problem.ts';
import { AS_IT_STANDS, validate } from '../../input/validate.ts';
import { type Log, silentLog } from '../../log.ts';
import { ACTIONS } from './actions/index.ts';
import type { Controlled } from './controlled.ts';
import { stateOf, usersOf } from './state.ts';

/** Every path begins with this prefix, which no path of the API has. */
const PREFIX = '/-/control';

const BY_NAME = new Map(ACTIONS.map((action) => [action.name, action]));

/**
 * The control API of a simulator: JSON over HTTP, without authentication. A POST must have the content
 * type of JSON, and must not come from a page of another site.
 *
 * @param log gets a line for each action
 */
export function createControlApp(simulator: Controlled, log: Log = silentLog()): RequestListener {
  const app = express();
  app.disable('x-powered-by');
  app.use((request, response, next) => {
    if (request.method !== 'GET' && isCrossSite(request.headers)) {
      refuse(response, 403, CROSS_SITE_REFUSED);
    } else {
      next();
    }
  });
  app.use(bodyParser.json({ limit: '1mb' }));

  for (const path of ['', 'state', 'instances/:id/users']) {
    app.options(`${PREFIX}/${path}`, (_request, response) => {
      answerOptions(response, 'GET', 'HEAD');
    });
  }
  app.options(`${PREFIX}/:action`, (_request, response) => answerOptions(response, 'POST'));

  app.get(`${PREFIX}/`, (_request, response) => {
    response.json({ actions: ACTIONS.map(describeAction) });
  });

  app.get(`${PREFIX}/state`, (_request, response) => {
    response.json(stateOf(simulator));
  });

  app.get(`${PREFIX}/instances/:id/users`, ({ params: { id } }, response) => {
    const instance = simulator.world.instance(id);
    if (instance === undefined) refuse(response, 404, `There is no instance ${id}`);
    else response.json(usersOf(instance));
  });

  app.post(`${PREFIX}/:action`, (request, response) => {
    const { action: name } = request.params;
    const action = BY_NAME.get(name);
    if (action === undefined) {
      const near = nearest(name, [...BY_NAME.keys()]);
      const advice = near ? `did you mean ${near}?` : `GET ${PREFIX}/ lists all actions`;
      refuse(response, 404, `there is no such action; ${advice}`);
      return;
    }
    if (!request.is('application/json')) {
      refuse(
        response,
        415,
        'the request must be a JSON object with content-type: application/json',
      );
      return;
    }
    const { schema, check } = action;
    const { output, findings } = validate(
      { schema, rules: [{ at: '', check }] },
      request.body,
      AS_IT_STANDS,
    );
    if (output === undefined || findings.length > 0) {
      refuse(response, 400, 'nothing was done: some keys of the action are wrong', findings);
      return;
    }
    simulator.world.catchUp();
    let outcome: unknown;
    try {
      outcome = output(simulator);
    } catch (error) {
      refuse(response, 409, error instanceof Error ? error.message : 'the action failed');
      return;
    }
    // The keys of the action are not logged, because they may contain the secret of an access key.
    log.info({ action: name }, 'control API: action done');
    response.json(outcome);
  });

  app.use((_request, response) => {
    refuse(response, 404, `there is no such path; GET ${PREFIX}/ lists all actions`);
  });
  app.use(unreadable);
  return app;
}

/** Replaces the message of the JSON parser, which would quote the body. */
const unreadable: ErrorRequestHandler = (error: unknown, _request, response, _next) => {
  const tooLarge =
    typeof error === 'object' && error !== null && 'status' in error && error.status === 413;
  if (tooLarge) refuse(response, 413, 'the request body is larger than 1 MiB');
  else refuse(response, 400, 'the request body is not a JSON object');
};

function refuse(
  response: Response,
  status: number,
  error: string,
  findings: readonly Finding[] = [],
): void {
  const problems = findings.map(({ path, expected, got }) => ({
    path: formatPath(path),
    expected,
    got,
  }));
  response.status(status).json({ error, ...(problems.length > 0 && { problems }) });
}

function describeAction({ name, does, schema }: (typeof ACTIONS)[number]) {
  return { name, does, takes: z.toJSONSchema(schema, { io: 'input' }) };
}
