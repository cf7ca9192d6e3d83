import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { HOUR, MINUTE, SECOND } from '../../src/clock.ts';
import { createLog } from '../../src/log.ts';
import { DEFAULT_KEY, type Key } from '../../src/simulator/index.ts';
import { isError, type LogLine } from '../support/fake-host.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { type Detour, reroute } from '../support/reroute.ts';
import {
  type ExporterWishes,
  type StartedExporter,
  startExporter,
} from '../support/start-exporter.ts';
import {
  METADATA_HOST,
  type StartedMetadataService,
  startMetadataService,
} from '../support/start-metadata-service.ts';
import { type StartedSimulator, startSimulator } from '../support/start-simulator.ts';
import { temporaryFolder } from '../support/temporary-files.ts';
import { samplesOfScrape, samplesOfWorld } from '../support/world-samples.ts';

const ROLE = 'acs:ram::1234567890123456:role/sag-reader';

let clock: ManualClock;
let api: StartedSimulator;
let exporter: StartedExporter | undefined;
let service: StartedMetadataService | undefined;
let routes: Map<string, Detour>;
let lines: LogLine[];

beforeEach(async () => {
  lines = [];
  clock = new ManualClock();
  api = await startSimulator({ clock });
  for (const name of Object.keys(process.env)) {
    if (name.startsWith('ALIBABA_CLOUD_')) vi.stubEnv(name, undefined);
  }
  vi.stubEnv('HOME', await temporaryFolder());
  routes = new Map([[METADATA_HOST, { url: 'http://127.0.0.1:9' }]]);
  reroute(routes);
});

afterEach(async () => {
  await exporter?.stop();
  await service?.stop();
  await api.stop();
  exporter = undefined;
  service = undefined;
  vi.unstubAllEnvs();
});

async function start(account: NonNullable<ExporterWishes['account']>): Promise<void> {
  const log = createLog({
    level: 'info',
    format: 'json',
    destination: { write: (line) => void lines.push(JSON.parse(line) as LogLine) },
  });
  exporter = await startExporter({ endpoint: api.url, clock, log, account });
}

/** Creates a key of an ECS role that the API accepts for this time. */
function issue(name: string, lifetime = HOUR): Key {
  const key = {
    accessKeyId: `STS.${name}`,
    accessKeySecret: `secret-${name}`,
    securityToken: `token-${name}`,
    expiration: clock.now() + lifetime,
  };
  api.simulator.keys.add(key);
  return key;
}

async function startService(key: Key): Promise<void> {
  service = await startMetadataService('sag-reader', key);
  routes.set(METADATA_HOST, service);
}

/** Advances the clock in steps until an expectation holds. Answers over sockets take no time of this clock. */
async function advanceUntil(check: () => Promise<void> | void): Promise<void> {
  await vi.waitFor(
    async () => {
      await clock.advance(SECOND);
      await check();
    },
    { timeout: 25_000, interval: 10 },
  );
}

const scrape = async (): Promise<string> => (await exporter?.scrape()) ?? '';

const untilUpIs = (up: 0 | 1) =>
  advanceUntil(async () =>
    expect(await scrape()).toContain(`sag_app_account_up{account="test"} ${up}\n`),
  );

/** Moves time on by minutes, in steps so short that the API accepts the time stamp of each request. */
async function advanceMinutes(minutes: number): Promise<void> {
  for (let minute = 0; minute < minutes; minute++) {
    await clock.advance(MINUTE);
    if (minute % 5 === 0) await untilUpIs(1);
  }
}

/** Moves time on until a scrape equals the world. */
const untilComplete = () =>
  advanceUntil(async () =>
    expect(samplesOfScrape(await scrape())).toEqual(samplesOfWorld(api.simulator.world)),
  );

const callsWith = (operation: string, code: string): number =>
  api.simulator.requests.count({ operation, code });

const messages = () => lines.map(({ msg }) => msg);

/** The number of times that polling was paused because no credentials were accepted. */
const pauses = () => lines.filter(isError).length;

describe('with the role of an ECS instance', () => {
  const chain = { credentials: { kind: 'chain' } } as const;

  it('polling begins by itself when the metadata service starts after the exporter', async () => {
    await start(chain);
    await vi.waitFor(() => expect(pauses()).toBe(1));
    await clock.advance(10 * MINUTE);
    await startService(issue('late'));
    await untilComplete();
    expect(messages()).toContain('the credentials are accepted; polling resumes');
    expect(pauses()).toBe(1);
  });

  it('an expired key is replaced without an error', async () => {
    await startService(issue('first'));
    await start(chain);
    await untilComplete();
    service?.give(issue('second', 3 * HOUR));
    await advanceMinutes(60);
    const before = callsWith('DescribeUserOnlineClients', 'OK');
    await advanceUntil(() =>
      expect(callsWith('DescribeUserOnlineClients', 'OK')).toBeGreaterThan(before),
    );
    await untilComplete();
    const code = 'InvalidSecurityToken.Expired';
    expect(api.simulator.requests.count({ code })).toBeGreaterThan(0);
    expect(pauses()).toBe(0);
  });

  it('polling is paused when a key is revoked, until there is the next one', async () => {
    await startService(issue('first'));
    await start(chain);
    await untilComplete();
    api.simulator.keys.revoke('STS.first');
    await untilUpIs(0);
    service?.give(issue('second'));
    await untilUpIs(1);
    await untilComplete();
  });
});

describe('with role_arn', () => {
  const role = () => ({
    credentials: { kind: 'static' as const, ...DEFAULT_KEY, roleArn: ROLE, stsEndpoint: api.url },
  });

  it('each session is renewed before it ends, for hours', async () => {
    const began = clock.now();
    await start(role());
    await untilComplete();
    await advanceMinutes(180);
    await untilComplete();
    // A session lasts an hour and is renewed after three quarters of it. On a busy machine, more than 180 minutes pass.
    const hours = (clock.now() - began) / HOUR;
    expect(callsWith('AssumeRole', 'OK')).toBeGreaterThanOrEqual(Math.floor(hours) + 1);
    // The clock may pass the time limit of a call that is under way; this call is then made twice.
    const atMost = 2 * (Math.floor(hours / 0.75) + 1);
    expect(callsWith('AssumeRole', 'OK')).toBeLessThanOrEqual(atMost);
    expect(pauses()).toBe(0);
  });

  it('polling begins by itself when the role is created after the exporter starts', async () => {
    api.simulator.roles.remove(ROLE);
    await start(role());
    await vi.waitFor(() => expect(pauses()).toBe(1));
    expect(messages().join()).not.toContain('testsecret');
    api.simulator.roles.add({ arn: ROLE });
    await untilComplete();
    expect(messages()).toContain('the credentials are accepted; polling resumes');
  });
});
