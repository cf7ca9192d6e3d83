import type { ServerResponse } from 'node:http';

/** Answers OPTIONS, which some load balancers use as a probe. @param methods the methods of the endpoint */
export function answerOptions(response: ServerResponse, ...methods: readonly string[]): void {
  response.statusCode = 204;
  response.setHeader('Allow', methods.join(', '));
  response.end();
}
