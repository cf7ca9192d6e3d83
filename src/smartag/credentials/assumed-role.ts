import { type Clock, HOUR, MINUTE, SECOND } from '../../clock.ts';
import { ApiError } from '../../model/api-error.ts';
import type { Client } from '../operation.ts';
import { assumeRole, type RoleSession, STS_VERSION } from '../operations/assume-role.ts';
import { retrying } from '../pacing/retrying.ts';
import { HOME_REGION } from '../transport/endpoints.ts';
import { popCoreClient } from '../transport/pop-core.ts';
import type { ProxyOptions } from '../transport/proxy.ts';
import {
  type Credentials,
  CredentialsOutageError,
  type CredentialsSource,
  NoCredentialsError,
} from './key-pair.ts';

/** The longest session that every role allows (default of MaxSessionDuration, CreateRole page). */
const SESSION = HOUR;

/** A session is renewed when only this much of it is left, or a quarter of it if the session is short. */
const RENEW_BEFORE_END = 15 * MINUTE;

/** While the session lasts, a failed renewal is tried again after this time. */
const RENEW_AGAIN = 30 * SECOND;

export interface AssumedRoleOptions extends ProxyOptions {
  readonly roleArn: string;
  /** `https://host` of STS. @default chosen by ALIBABA_CLOUD_STS_REGION and ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED */
  readonly stsEndpoint?: string | undefined;
  /** Maximum milliseconds that one call of STS may take. */
  readonly timeout: number;
  readonly clock: Clock;
  /** A number from 0 up to 1, as Math.random gives. */
  readonly random: () => number;
}

/**
 * The temporary credentials of a role that the credentials `own` may assume. They are renewed before they
 * end. The exporter calls STS with its own client and not with @alicloud/credentials, because calls of that
 * package use neither our proxy nor our clock, and its errors quote replies.
 */
export function assumedRole(
  own: CredentialsSource,
  options: AssumedRoleOptions,
): CredentialsSource & { close(): void } {
  const { env, stsEndpoint = stsEndpointOf(env), clock } = options;
  const sts = popCoreClient({
    ...options,
    credentials: own,
    endpoint: stsEndpoint,
    apiVersion: STS_VERSION,
    sockets: 1,
  });
  const retried = retrying(sts, { ...options, refreshCredentials: () => own.refresh() });
  const closing = new AbortController();
  let session: (RoleSession & { readonly renewAt: number }) | undefined;
  /** Concurrent calls share one renewal. */
  let renewing: Promise<Credentials> | undefined;
  const renew = async (): Promise<Credentials> => {
    try {
      const next = await assume(retried, options, closing.signal);
      const left = next.endsAt - clock.now();
      session = { ...next, renewAt: next.endsAt - Math.min(RENEW_BEFORE_END, left / 4) };
      return session.credentials;
    } catch (error) {
      const now = clock.now();
      // During an outage of STS, the rest of the session is used.
      if (session && now < session.endsAt) {
        session = { ...session, renewAt: now + RENEW_AGAIN };
        return session.credentials;
      }
      if (!(error instanceof ApiError)) throw error;
      const reason = `the role of role_arn cannot be assumed: ${error.message}`;
      // An outage of STS passes by itself. After a refusal, the key or the role has to be changed.
      throw error.policy.retry === 'yes'
        ? new CredentialsOutageError(reason)
        : new NoCredentialsError(reason);
    }
  };
  return {
    async get() {
      if (session && clock.now() < session.renewAt) return session.credentials;
      renewing ??= renew().finally(() => {
        renewing = undefined;
      });
      return renewing;
    },
    refresh() {
      session = undefined;
      own.refresh();
    },
    close() {
      closing.abort();
      sts.close();
    },
  };
}

function assume(
  sts: Client,
  { roleArn, env }: AssumedRoleOptions,
  signal: AbortSignal,
): Promise<RoleSession> {
  const sessionName = env['ALIBABA_CLOUD_ROLE_SESSION_NAME']?.trim() || 'sag-app-exporter';
  const request = { regionId: HOME_REGION, roleArn, sessionName, seconds: SESSION / SECOND };
  return sts.call(assumeRole, request, signal);
}

/** Returns the endpoint that @alicloud/credentials would use. */
function stsEndpointOf(env: ProxyOptions['env']): string {
  const region = env['ALIBABA_CLOUD_STS_REGION']?.trim();
  if (!region) return 'https://sts.aliyuncs.com';
  const isVpc = env['ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED']?.trim().toLowerCase() === 'true';
  return `https://sts${isVpc ? '-vpc' : ''}.${region}.aliyuncs.com`;
}
