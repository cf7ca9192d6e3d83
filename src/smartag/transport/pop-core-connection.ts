import type http from 'node:http';
import type { Credentials } from '../credentials/key-pair.ts';
import { type Route, type RouteOptions, routeTo } from './route.ts';

const SMARTAG_VERSION = '2018-03-13';

/** pop-core's typings lack two things that its code accepts: the provider, and `verbose`, which adds the HTTP entry. */
export type PopCore = new (
  config: {
    endpoint: string;
    apiVersion: string;
    credentialsProvider: { getCredentials(): Promise<Credentials> };
  },
  verbose: true,
) => {
  request(
    action: string,
    parameters: object,
    options: {
      method: 'POST';
      timeout: number;
      beforeRequest: (options: http.RequestOptions) => http.RequestOptions;
    },
  ): Promise<readonly [body: unknown, entry: unknown]>;
};

export interface ConnectionOptions extends RouteOptions {
  /** The version of the API. @default that of Smart Access Gateway */
  readonly apiVersion?: string;
}

/** An SDK core for one endpoint, and the way of its requests. */
export interface Connection {
  request(
    credentials: Credentials,
    ...of: Parameters<InstanceType<PopCore>['request']>
  ): ReturnType<InstanceType<PopCore>['request']>;
  readonly route: Route;
}

/**
 * Loads pop-core at the first call, because loading it makes the start slower. Its main file would load the client of
 * another protocol too.
 */
export async function loadPopCore(): Promise<PopCore> {
  const { default: RpcClient } = await import('@alicloud/pop-core/lib/rpc.js');
  return RpcClient as unknown as PopCore;
}

/** @throws ProxySettingError */
export function connect(
  endpoint: string,
  PopCoreClient: PopCore,
  options: ConnectionOptions,
): Connection {
  // pop-core asks its provider synchronously, before another call can change `current`. So each request
  // is signed with the credentials that its exchange knows and hides in messages.
  let current: Credentials;
  const sdk = new PopCoreClient(
    {
      endpoint,
      apiVersion: options.apiVersion ?? SMARTAG_VERSION,
      credentialsProvider: { getCredentials: async () => current },
    },
    true,
  );
  return {
    request(credentials, ...of) {
      current = credentials;
      return sdk.request(...of);
    },
    route: routeTo(endpoint, options),
  };
}
