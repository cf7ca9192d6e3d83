import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserAdmission } from '../../../src/metrics/admission.ts';
import { hashedUserNames, plainUserNames } from '../../../src/metrics/user-names.ts';
import { ERROR_KINDS, type ErrorKind } from '../../../src/model/api-error.ts';
import { REQUIRED_STAGES } from '../../../src/model/stage.ts';
import { FleetBench, INTERVALS, START, user } from '../../support/fleet-bench.ts';
import { parseExposition } from '../../support/parse-exposition.ts';

const LONG = 64 * 1024;

describe('a name in a label', () => {
  it.each([
    ['a backslash', 'a\\b', 'a\\\\b'],
    ['a quote', 'a"b', 'a\\"b'],
    ['a line break', 'a\nb', 'a\\nb'],
    ['a backslash before n', 'a\\nb', 'a\\\\nb'],
    ['a quote that would end the label', '"} 1\nevil{x="', '\\"} 1\\nevil{x=\\"'],
    ['other control characters', 'a\r\t\0b', 'a\r\t\0b'],
    ['an emoji', 'a😀b', 'a😀b'],
    ['a character that stands for what was unreadable', 'a\ufffdb', 'a\ufffdb'],
    ['braces and commas', '{a="b",c="d"}', '{a=\\"b\\",c=\\"d\\"}'],
    ['nothing', '', ''],
    ['64 KiB', 'x'.repeat(LONG), 'x'.repeat(LONG)],
    ['64 KiB of quotes', '"'.repeat(LONG), '\\"'.repeat(LONG)],
  ])('holding %s is escaped', (_, name, escaped) => {
    const bench = new FleetBench();
    bench.users(bench.instance('sag-a'), [user(name)]);
    expect(bench.lines('sag_app_user_enabled')).toEqual([
      `sag_app_user_enabled{account="prod",region_id="cn-shanghai",instance_id="sag-a",user_name="${escaped}"} 1`,
    ]);
  });

  it('with a line break is not confused with an address', () => {
    const bench = new FleetBench();
    const record = bench.instance('sag-a');
    bench.users(record, [user('a\nb'), user('a')]);
    bench.sessions(record, {
      'a\nb': [{ clientIp: 'c', start: START }],
      a: [{ clientIp: 'b\nc', start: START }],
    });
    expect(
      bench.lines('sag_app_session_start_timestamp_seconds', { detail: 'sessions' }),
    ).toHaveLength(2);
  });
});

/**
 * Text that an API should not send: special characters of the format, long names. Lone surrogates are repaired at
 * the edge.
 */
const text = fc
  .oneof(
    fc.string({ maxLength: 8 }),
    fc.string({ unit: 'binary', maxLength: 8 }),
    fc.string({ unit: fc.nat(0xffff).map((code) => String.fromCharCode(code)), maxLength: 4 }),
    fc.string({
      unit: fc.constantFrom('\\', '"', '\n', '{', '}', ',', '=', ' ', '#', 'n'),
      maxLength: 6,
    }),
    fc.constantFrom('__proto__', 'constructor', 'a', 'b', '\ufffd', 'x'.repeat(LONG)),
  )
  .map((each) => each.toWellFormed());
const amount = fc.option(fc.double({ min: 0, noNaN: true }), { nil: undefined });

/** Removes undefined fields, since an optional field is absent and never undefined. */
function withoutUndefined<Fields extends object>(fields: Fields) {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [Key in keyof Fields]?: Exclude<Fields[Key], undefined>;
  };
}

const aUser = fc.record({
  name: text,
  mail: text,
  enabled: fc.boolean(),
  staticIp: fc.boolean(),
  bandwidth: amount,
  acceleratedBandwidth: amount,
  clients: fc.option(fc.nat(3), { nil: undefined }),
  sessions: fc.option(fc.array(fc.record({ clientIp: text, start: amount }), { maxLength: 3 }), {
    nil: undefined,
  }),
});
const anInstance = fc.record({
  account: text,
  regionId: text,
  instanceId: text,
  name: text,
  status: text,
  limit: amount,
  users: fc.uniqueArray(aUser, { maxLength: 5, selector: ({ name }) => name }),
  failures: fc.array(
    fc.tuple(
      fc.constantFrom(...REQUIRED_STAGES),
      fc.constantFrom(...(Object.keys(ERROR_KINDS) as ErrorKind[])),
    ),
    { maxLength: 3 },
  ),
});

function benchOf(
  instances: readonly (typeof anInstance extends fc.Arbitrary<infer One> ? One : never)[],
) {
  const bench = new FleetBench();
  for (const one of instances) {
    const { account, regionId, instanceId, name, status, limit } = one;
    bench.fleet.account(account);
    bench.fleet.region(account, regionId, 1).discovery.succeed();
    const record = bench.fleet.addInstance(
      { account, regionId, instanceId },
      { configured: false, intervals: INTERVALS },
    );
    record.details = { id: instanceId, name, status, ...withoutUndefined({ usersLimit: limit }) };
    bench.users(
      record,
      one.users.map(
        ({ clients: _clients, sessions: _sessions, bandwidth, acceleratedBandwidth, ...rest }) => ({
          ...rest,
          ...withoutUndefined({ bandwidth, acceleratedBandwidth }),
        }),
      ),
    );
    const entries = <Value>(of: (user: (typeof one.users)[number]) => Value | undefined) =>
      Object.fromEntries(
        one.users.flatMap((user): [string, Value][] => {
          const value = of(user);
          return value === undefined ? [] : [[user.name, value]];
        }),
      );
    bench.online(
      record,
      entries(({ clients }) => clients),
    );
    bench.sessions(
      record,
      entries(({ sessions }) =>
        sessions?.map(({ clientIp, start }) => ({ clientIp, ...withoutUndefined({ start }) })),
      ),
    );
    for (const [stage, kind] of one.failures) bench.fail(record, stage, kind);
  }
  return bench;
}

describe('with any text in the fleet', () => {
  it('the text is well-formed, each family is in one place and no series is repeated', () => {
    fc.assert(
      fc.property(
        fc.array(anInstance, { maxLength: 4 }),
        fc.constantFrom('instances', 'users', 'sessions'),
        fc.boolean(),
        fc.constantFrom(
          plainUserNames,
          hashedUserNames(Buffer.from('key'), () => 1),
          () => 'same',
        ),
        fc.nat(100),
        (instances, detail, userMail, userNames, most) => {
          const bench = benchOf(instances);
          const wishes = {
            detail,
            userMail,
            userNames,
            admission: new UserAdmission(most),
          } as const;
          const { text, series } = bench.render(wishes);
          const families = parseExposition(text);
          const perUser = families
            .flatMap(({ samples }) => samples)
            .filter(({ labels }) => 'user_name' in labels);
          expect(perUser).toHaveLength(series.exposed);
          expect(series.exposed).toBeLessThanOrEqual(most);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('a parser reads the labels of the fleet back', () => {
    fc.assert(
      fc.property(fc.array(anInstance, { maxLength: 3 }), (instances) => {
        const bench = benchOf(instances);
        const families = parseExposition(bench.text([], { userMail: true }));
        const read = families
          .find(({ name }) => name === 'sag_app_user_info')
          ?.samples.map(({ labels }) => JSON.stringify(Object.values(labels).slice(0, 4)));
        const held = Array.from(bench.fleet.instances).flatMap(({ id, snapshot }) =>
          (snapshot.users?.users ?? []).map(({ name }) =>
            JSON.stringify([id.account, id.regionId, id.instanceId, name]),
          ),
        );
        expect(new Set(held)).toEqual(new Set([...(read ?? []), ...held]));
        const ids = Array.from(bench.fleet.instances, ({ id }) =>
          JSON.stringify(Object.values(id)),
        );
        if (new Set(ids).size === ids.length) expect(new Set(read)).toEqual(new Set(held));
      }),
      { numRuns: 200 },
    );
  });
});
