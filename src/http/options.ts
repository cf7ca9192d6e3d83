import type { ServerResponse } from 'node:http';

/** Answers OPTIONS, by which load balancers probe. @param methods what the endpoint is there for */
export function answerOptions(response: ServerResponse, ...methods: readonly string[]): void {
  response.statusCode = 204;
  response.setHeader('Allow', methods.join(', '));
  response.end();
}
