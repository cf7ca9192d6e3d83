import { inspect } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { MINUTE, SECOND } from '../../../src/clock.ts';
import { DEFAULT_KEY, type SimulatorOptions } from '../../../src/simulator/index.ts';
import {
  type AssumedRoleOptions,
  assumedRole,
} from '../../../src/smartag/credentials/assumed-role.ts';
import {
  type Credentials,
  CredentialsOutageError,
  NoCredentialsError,
} from '../../../src/smartag/credentials/key-pair.ts';
import { settle } from '../../support/manual-clock.ts';
import { startProxy } from '../../support/start-proxy.ts';
import { type StartedSimulator, startSimulator } from '../../support/start-simulator.ts';

const ROLE = 'acs:ram::1234567890123456:role/sag-reader';

const ends: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function start(
  api: Partial<SimulatorOptions> = {},
  options: Partial<AssumedRoleOptions> = {},
) {
  const sts = await startSimulator({ recordRequests: true, ...api });
  ends.push(sts.stop);
  let own: Credentials = DEFAULT_KEY;
  let refreshed = 0;
  const source = assumedRole(
    {
      get: async () => own,
      refresh() {
        refreshed++;
      },
    },
    {
      roleArn: ROLE,
      stsEndpoint: sts.url,
      env: {},
      timeout: 5 * SECOND,
      clock: sts.clock,
      random: () => 0,
      ...options,
    },
  );
  ends.push(() => source.close());
  return {
    sts,
    source,
    give(credentials: Credentials) {
      own = credentials;
    },
    get refreshed() {
      return refreshed;
    },
    requestCount: () => sts.simulator.requests.recent.length,
  };
}

/** STS no longer answers. */
const breakDown = ({ simulator }: StartedSimulator) =>
  simulator.faults.add({ effect: { error: { code: 'ServiceUnavailable' } } });

/** The outcome of a call, while the clock advances through the pauses between tries. */
async function patiently<Result>(sts: StartedSimulator, call: Promise<Result>): Promise<Result> {
  let done = false;
  const settled = call.finally(() => {
    done = true;
  });
  settled.catch(() => {});
  while (!done) {
    await settle();
    await sts.clock.advance(1);
  }
  return settled;
}

describe('an assumed role', () => {
  it('has temporary credentials that the API accepts as those of the role', async () => {
    const { source, sts } = await start();
    const { accessKeyId, accessKeySecret, securityToken } = await source.get();
    expect(sts.simulator.keys.find(accessKeyId)).toMatchObject({
      accessKeySecret,
      securityToken,
      roleArn: ROLE,
    });
  });

  it('is assumed once for concurrent calls, and kept', async () => {
    const { source, requestCount } = await start();
    const all = await Promise.all(Array.from({ length: 20 }, () => source.get()));
    expect(new Set(all.map(({ accessKeyId }) => accessKeyId)).size).toBe(1);
    await source.get();
    expect(requestCount()).toBe(1);
  });

  it('is renewed a quarter of an hour before its session ends', async () => {
    const { source, sts, requestCount } = await start();
    const first = await source.get();
    await sts.clock.advance(45 * MINUTE - 1);
    expect(await source.get()).toEqual(first);
    await sts.clock.advance(1);
    expect(await source.get()).not.toEqual(first);
    expect(requestCount()).toBe(2);
  });

  it('uses the rest of its session during an outage of STS, and is renewed afterwards', async () => {
    const { source, sts } = await start();
    const first = await source.get();
    breakDown(sts);
    await sts.clock.advance(50 * MINUTE);
    expect(await patiently(sts, source.get())).toEqual(first);
    sts.simulator.faults.clear();
    expect(await source.get()).toEqual(first);
    await sts.clock.advance(30 * SECOND);
    expect(await source.get()).not.toEqual(first);
  });

  it('is unavailable, not unauthenticated, when the session ends during an outage of STS', async () => {
    const { source, sts } = await start();
    await source.get();
    breakDown(sts);
    await sts.clock.advance(60 * MINUTE);
    const failure = await patiently(sts, source.get()).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(CredentialsOutageError);
    expect(String(failure)).toContain('role_arn cannot be assumed: AssumeRole: ServiceUnavailable');
    sts.simulator.faults.clear();
    expect((await source.get()).accessKeyId).toMatch(/^STS\./);
  });

  it('is assumed again when its credentials were refused', async () => {
    const setup = await start();
    const first = await setup.source.get();
    setup.source.refresh();
    expect(await setup.source.get()).not.toEqual(first);
    expect(setup.refreshed).toBe(1);
  });

  it('follows a rotation of the key it is assumed with', async () => {
    const setup = await start();
    const { source, sts, give } = setup;
    sts.simulator.keys.remove(DEFAULT_KEY.accessKeyId);
    const marked = { accessKeyId: 'marked-key', accessKeySecret: 'marked-secret' };
    give(marked);
    const failure = await source.get().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(NoCredentialsError);
    expect(inspect(failure)).not.toContain('marked');
    expect(setup.refreshed).toBe(1);
    sts.simulator.keys.add(marked);
    expect((await source.get()).accessKeyId).toMatch(/^STS\./);
  });

  it('gives no credentials to a key that it does not trust, and the error has the reason from STS', async () => {
    const { source } = await start({ roles: [{ arn: ROLE, trusts: 'somebody-else' }] });
    await expect(source.get()).rejects.toThrow('AssumeRole: NoPermission');
  });

  it('is never assumed with an empty key', async () => {
    const { source, give, requestCount } = await start();
    give({ accessKeyId: '', accessKeySecret: '' });
    await source.get().catch(() => {});
    expect(requestCount()).toBe(0);
  });

  it('is requested through the proxy', async () => {
    const proxy = await startProxy();
    ends.push(proxy.stop);
    const { source, sts } = await start({}, { proxy: proxy.url });
    await source.get();
    expect(proxy.requests).toEqual([`POST ${sts.url}/`]);
  });

  it.each([
    [{}, 'sts.aliyuncs.com:443'],
    [{ ALIBABA_CLOUD_STS_REGION: 'cn-shanghai' }, 'sts.cn-shanghai.aliyuncs.com:443'],
    [{ ALIBABA_CLOUD_STS_REGION: 'cn-shanghai\n' }, 'sts.cn-shanghai.aliyuncs.com:443'],
    [
      { ALIBABA_CLOUD_STS_REGION: 'eu-central-1', ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED: 'True' },
      'sts-vpc.eu-central-1.aliyuncs.com:443',
    ],
  ])('is requested from the STS that the environment names: %j', async (env, target) => {
    const proxy = await startProxy();
    ends.push(proxy.stop);
    proxy.behave(403);
    const { source, sts } = await start({}, { env, proxy: proxy.url, stsEndpoint: undefined });
    await expect(patiently(sts, source.get())).rejects.toThrow('PROXY_403');
    expect(new Set(proxy.requests)).toEqual(new Set([`CONNECT ${target}`]));
  });
});
