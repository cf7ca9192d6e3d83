import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Key } from '../../src/simulator/index.ts';

/** Where a server of Alibaba Cloud finds its metadata service. */
export const METADATA_HOST = '100.100.100.200';

const TOKEN = 'metadata-token';
const ROLES = '/latest/meta-data/ram/security-credentials/';

/** The metadata service of a server with a RAM role, as far as credentials go. */
export interface StartedMetadataService {
  readonly url: string;
  /** What was asked for: method and path. */
  readonly asked: readonly string[];
  /** The key it gives from now on. */
  give(key: Key): void;
  stop(): Promise<void>;
}

/**
 * Starts one in the hardened mode, where without the token of a session nothing is told, or one so old
 * that it knows no sessions.
 */
export async function startMetadataService(
  role: string,
  key: Key,
  options: { readonly port?: number; readonly isOld?: boolean } = {},
): Promise<StartedMetadataService> {
  const { port = 0, isOld = false } = options;
  const asked: string[] = [];
  let given = key;
  const answers: Readonly<Record<string, () => string>> = {
    [ROLES]: () => role,
    [`${ROLES}${role}`]: () =>
      JSON.stringify({
        Code: 'Success',
        AccessKeyId: given.accessKeyId,
        AccessKeySecret: given.accessKeySecret,
        SecurityToken: given.securityToken,
        Expiration: '2999-01-01T00:00:00Z',
      }),
  };
  const server = createServer((request, response) => {
    const { method, url = '', headers } = request;
    asked.push(`${method} ${url}`);
    if (isOld && method !== 'GET') return response.writeHead(405).end();
    if (method === 'PUT' && url === '/latest/api/token') {
      response.writeHead('x-aliyun-ecs-metadata-token-ttl-seconds' in headers ? 200 : 400);
      return response.end(TOKEN);
    }
    const isKnown = isOld || headers['x-aliyun-ecs-metadata-token'] === TOKEN;
    if (!isKnown) return response.writeHead(403).end();
    const answer = answers[url];
    return response.writeHead(answer ? 200 : 404).end(answer?.());
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    give(next) {
      given = next;
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
