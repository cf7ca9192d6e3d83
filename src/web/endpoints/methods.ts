import type { Request, Response } from 'express';
import { answerOptions } from '../../http/options.ts';

/** Answers requests whose method has no handler: OPTIONS with the allowed methods, any other with 405. */
export function allowing(...methods: readonly string[]) {
  return (request: Request, response: Response): void => {
    if (request.method === 'OPTIONS') {
      answerOptions(response, ...methods);
      return;
    }
    response.status(405).set('Allow', methods.join(', ')).type('text/plain');
    response.send(`Only ${methods.join(' or ')}\n`);
  };
}
