import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Key } from '../../src/simulator/index.ts';

/** The address of the metadata service on every server of Alibaba Cloud. */
export const METADATA_HOST = '100.100.100.200';

const TOKEN = 'metadata-token';
const ROLES = '/latest/meta-data/ram/security-credentials/';

/** The part of the metadata service that gives a server with a RAM role its credentials. */
export interface StartedMetadataService {
  readonly url: string;
  /** The requests so far: method and path. */
  readonly requests: readonly string[];
  /** Sets the key that it gives from now on. */
  give(key: Key): void;
  stop(): Promise<void>;
}

/**
 * Starts a metadata service in hardened mode, which answers only requests with a session token. With
 * `isOld` it is a version without sessions.
 */
export async function startMetadataService(
  role: string,
  key: Key,
  options: { readonly port?: number; readonly isOld?: boolean } = {},
): Promise<StartedMetadataService> {
  const { port = 0, isOld = false } = options;
  const requests: string[] = [];
  let currentKey = key;
  const answers: Readonly<Record<string, () => string>> = {
    [ROLES]: () => role,
    [`${ROLES}${role}`]: () =>
      JSON.stringify({
        Code: 'Success',
        AccessKeyId: currentKey.accessKeyId,
        AccessKeySecret: currentKey.accessKeySecret,
        SecurityToken: currentKey.securityToken,
        Expiration: '2999-01-01T00:00:00Z',
      }),
  };
  const server = createServer((request, response) => {
    const { method, url = '', headers } = request;
    requests.push(`${method} ${url}`);
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
    requests,
    give(next) {
      currentKey = next;
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
