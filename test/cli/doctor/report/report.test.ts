import { readFile, stat } from 'node:fs/promises';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { DAY, systemClock } from '../../../../src/clock.ts';
import {
  type InstanceSpec,
  QUIRK_PRESETS,
  type Quirks,
  type World,
} from '../../../../src/simulator/index.ts';
import { type StartedSimulator, startSimulator } from '../../../support/start-simulator.ts';
import { temporaryFolder } from '../../../support/temporary-files.ts';
import { configOf, MARKED_KEY, ran } from '../../one-shot.ts';

let api: StartedSimulator | undefined;
afterEach(async () => {
  await api?.stop();
  api = undefined;
});

/** Runs doctor with a report against a world of these instances. */
async function runDoctor(
  instances: readonly InstanceSpec[],
  quirks: Partial<Quirks>,
  prepare: (started: StartedSimulator) => void = () => {},
): Promise<{ readonly text: string; readonly file: string; readonly out: string }> {
  api = await startSimulator({ clock: systemClock, instances, quirks, keys: [MARKED_KEY] });
  prepare(api);
  const file = `${await temporaryFolder()}/report.json`;
  const config = await configOf(api.url, { account: 'regions: []' });
  const { out } = await ran(['doctor', `--config.file=${config}`, `--report=${file}`]);
  return { text: await readFile(file, 'utf8'), file, out };
}

const FLEET: readonly InstanceSpec[] = [
  {
    id: 'sag-marked-office',
    regionId: 'cn-shanghai',
    name: 'marked-headquarters',
    description: 'marked description',
    users: 23,
    usersLimit: 40,
    onlineRatio: 0.3,
    mailNameRatio: 0.5,
  },
  {
    id: 'sag-marked-expired',
    regionId: 'eu-central-1',
    name: 'marked-branch',
    users: 7,
    endTime: systemClock.now() - DAY,
  },
];

/** The part of the report about the only account. */
async function accountReport(...args: Parameters<typeof runDoctor>) {
  const { text } = await runDoctor(...args);
  const report = JSON.parse(text) as {
    readonly accounts: readonly [
      { readonly answers: Record<string, unknown>; readonly operations: readonly unknown[] },
    ];
  };
  return report.accounts[0];
}

describe('the report of doctor', () => {
  it('is a file that only its owner can read, and doctor prints its name', async () => {
    const { file, out, text } = await runDoctor(FLEET, {});
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(out).toContain(`The report is in ${file}.`);
    expect(JSON.parse(text)).toMatchObject({ format: 1, accounts: [{}] });
  });

  it('describes an API that behaves as documented', async () => {
    const { answers, operations } = await accountReport(FLEET, {});
    expect(answers).toMatchObject({
      instances: '2 to 10',
      max_bandwidth: ['"9M"'],
      hardware_version: ['absent'],
      create_time: ['milliseconds'],
      end_time: ['milliseconds'],
      asked_closely: [
        { expired: true, users: '2 to 10', totals: expect.stringMatching(/^as the statistics/) },
        {
          expired: false,
          users: '11 to 50',
          user_count: { equals_the_users: false, less_than_the_users: false, multiple_of_5: true },
          statistics: {
            left_out: '0',
            counts_equal_the_clients: true,
            online_time: ['seconds as text'],
          },
          totals: 'as the statistics',
        },
      ],
    });
    expect(answers['regions']).toHaveLength(9);
    expect(operations).toContainEqual({
      operation: 'DescribeUserOnlineClients',
      calls: [{ outcome: 'answered', count: '2 to 10' }],
      pacing_headers: [],
      reply: {
        RequestId: 'text',
        Users: {
          User: {
            lengths: expect.any(Array),
            items: { ClientIp: 'text', OnlineTime: 'digits as text' },
          },
        },
      },
    });
  });

  it('answers every question that public evidence leaves open, for an API like the live one', async () => {
    const { answers, operations } = await accountReport(
      FLEET,
      { ...QUIRK_PRESETS.live, statisticsOmit: 'offline', userCount: 'users', endTime: 'iso' },
      ({ simulator }) =>
        simulator.limits.set({
          kind: 'fixed-window',
          limit: 1,
          windowMs: 100,
          retryAfterMs: 50,
          operation: 'DescribeUserOnlineClients',
        }),
    );
    expect(answers).toMatchObject({
      hardware_version: ['sag-software'],
      end_time: ['ISO text'],
      asked_closely: [
        { expired: true, users: { refused: 'SmartAccessGatewayInArrears' } },
        {
          user_count: { equals_the_users: true, multiple_of_5: false },
          statistics: { left_out: '11 to 50', of_those_online: '0', counted_0: '0' },
          totals: { refused: 'InvalidApi.NotFound' },
        },
      ],
    });
    const share = (answers['asked_closely'] as Record<string, number>[])[1];
    expect(share?.['names_like_mail_addresses']).toBeGreaterThan(0);
    expect(answers['regions']).toContainEqual({
      region: 'ap-southeast-2',
      marks_in_local_name: ['关停', 'closed'],
      endpoint: 'smartag.<region>.aliyuncs.com',
    });
    const text = JSON.stringify(operations);
    expect(text).toContain(
      '{"kind":"unsupported","code":"InvalidApi.NotFound","http_status":404,"count":"1"}',
    );
    expect(text).toContain('"pacing_headers":["x-acs-retry-after","x-ratelimit-user-api"]');
  });

  it('shows that users are left out although they are online', async () => {
    const { answers } = await accountReport(FLEET, {}, ({ simulator }) => {
      const [user] = simulator.world.onlineUsers('sag-marked-office');
      simulator.quirks.set({ statisticsForget: [user?.name ?? ''] });
    });
    expect(answers).toMatchObject({
      asked_closely: [
        {},
        {
          statistics: { left_out: '1', of_those_online: '1' },
          totals: 'another than the statistics',
        },
      ],
    });
  });

  it.each<[Partial<Quirks>, Record<string, unknown>]>([
    [{ totals: 'zero' }, { totals: '0, though the statistics count clients' }],
    [{ denial: 'Forbidden.RAM' }, { statistics: { refused: 'Forbidden.RAM' } }],
  ])('with %j says %j', async (quirks, expected) => {
    const { answers } = await accountReport(FLEET, quirks, ({ simulator }) => {
      if (quirks.denial === undefined) return;
      simulator.permissions.deny({ operation: 'DescribeUserOnlineClientStatistics' });
    });
    expect(answers['asked_closely']).toMatchObject([{}, expected]);
  });

  it('is written even if no call succeeds', async () => {
    const { operations } = await accountReport(FLEET, {}, ({ simulator }) =>
      simulator.keys.remove(MARKED_KEY.accessKeyId),
    );
    expect(JSON.stringify(operations)).toContain('"code":"InvalidAccessKeyId.NotFound"');
  });

  it('cannot be written to a wrong path, which doctor says before it makes a call', async () => {
    api = await startSimulator({ clock: systemClock, instances: FLEET, keys: [MARKED_KEY] });
    const config = await configOf(api.url);
    const { code, err } = await ran(['doctor', `--config.file=${config}`, '--report=/nowhere/x']);
    expect([code, err]).toEqual([
      1,
      '--report: /nowhere/x cannot be written (ENOENT): its folder does not exist; an existing file is unchanged\n',
    ]);
    expect(api.simulator.requests.count()).toBe(0);
  });
});

/** All values of a world that could reveal the account. */
function valuesOf(world: World): readonly string[] {
  return world
    .instances()
    .flatMap(({ id, details, users }) => [
      id,
      details.name,
      details.description,
      String(details.uid),
      details.cidrBlock,
      String(details.endTime),
      String(details.createTime),
      ...users.flatMap(({ name, mail, staticIp, sessions }) => [
        name,
        mail,
        ...(staticIp === undefined ? [] : [staticIp]),
        ...sessions.flatMap(({ clientIp, onlineTime }) => [clientIp, String(onlineTime)]),
      ]),
    ]);
}

describe('no value of the account is in the report', () => {
  const word = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_.-]{9,20}$/);
  const user = fc.record({
    name: fc.oneof(
      word,
      word.map((name) => `${name}@example.org`),
    ),
    mail: word.map((name) => `${name}@example.net`),
    staticIp: fc.option(fc.constant('10.77.3.9'), { nil: undefined }),
    online: fc.boolean(),
  });
  const readings = fc.constantFrom<Partial<Quirks>>(
    QUIRK_PRESETS.documented,
    QUIRK_PRESETS.live,
    { ...QUIRK_PRESETS.live, statisticsOmit: 'offline', lists: 'bare', numbersAsStrings: true },
    { lists: 'single-as-object', bigIntegers: true, endTime: 'iso', denial: 'NoPermission' },
  );

  it('with any simulated world and any quirks', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(user, { selector: ({ name }) => name, minLength: 1, maxLength: 8 }),
        fc.tuple(word, word, word),
        readings,
        fc.boolean(),
        async (users, [id, name, description], quirks, isThrottled) => {
          const usedAddresses = new Set<string>();
          const instance: InstanceSpec = {
            id: `sag-${id.replace(/[_.]/g, '-')}`,
            regionId: 'cn-shanghai',
            name,
            description,
            cidrBlock: '10.77.0.0/16',
            users: users.map(({ online, staticIp, ...rest }, index) => {
              const isFree = staticIp !== undefined && !usedAddresses.has(staticIp);
              if (isFree) usedAddresses.add(staticIp);
              return {
                ...rest,
                ...(isFree && { staticIp }),
                ...(online && {
                  sessions: [
                    { clientIp: `10.77.9.${index + 1}`, onlineTime: 1_700_000_000 + index },
                  ],
                }),
              };
            }),
          };
          const { text } = await runDoctor([instance], quirks, ({ simulator }) => {
            if (isThrottled) simulator.faults.add({ probability: 0.2, effect: errorNaming(name) });
          });
          const values = [
            ...(api ? valuesOf(api.simulator.world) : []),
            ...Object.values(MARKED_KEY),
            api?.url.slice('http://127.0.0.1:'.length) ?? '',
            'prod',
          ];
          expect(values.length).toBeGreaterThan(10);
          const lower = text.toLowerCase();
          expect(values.filter((value) => lower.includes(value.toLowerCase()))).toEqual([]);
          await api?.stop();
          api = undefined;
        },
      ),
      { numRuns: 25 },
    );
  }, 60_000);

  /** An error of the API whose code and message contain the name of a user. */
  const errorNaming = (name: string) => ({ error: { code: name, httpStatus: 400, message: name } });

  it('even when fields and error codes contain the name of a user', async () => {
    const { text } = await runDoctor(FLEET, {}, ({ simulator }) => {
      const reply = {
        RequestId: 'x',
        Users: { User: [{ UserName: 'Weifang', Weifang: 1, 'li.wei': 2 }], Weifang: 'sag-marked' },
        TotalCount: 1,
      };
      simulator.faults.add({
        match: { operation: 'DescribeSmartAccessGatewayClientUsers' },
        effect: { body: JSON.stringify(reply), httpStatus: 200 },
      });
      simulator.faults.add({
        match: { operation: 'DescribeUserOnlineClientStatistics' },
        effect: { error: { code: 'Weifang', httpStatus: 400 } },
      });
    });
    expect(text).toContain('"code": "other"');
    expect(text).not.toMatch(/weifang|li\.wei|marked/i);
  });
});
