import { describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE, SECOND } from '../../../src/clock.ts';
import { UserAdmission } from '../../../src/metrics/admission.ts';
import { hashedUserNames } from '../../../src/metrics/user-names.ts';
import { drained } from '../../support/drained.ts';
import {
  FleetBench,
  type RenderWishes,
  STALE_AFTER,
  START,
  user,
} from '../../support/fleet-bench.ts';

const INSTANCE = 'account="prod",region_id="cn-shanghai",instance_id="sag-a"';
const LAST_ONLINE = 'sag_app_user_last_online_timestamp_seconds';
const FIRST_SEEN = 'sag_app_user_first_seen_timestamp_seconds';
const UNUSED = 'sag_app_users_unused';
const WATCHED_SINCE = 'sag_app_watched_since_timestamp_seconds';
const hour = HOUR / SECOND;

const unusedAfter = (...days: readonly number[]): Pick<RenderWishes, 'unusedAfter'> => ({
  unusedAfter: days.map((count) => ({ text: `${count}d`, milliseconds: count * DAY })),
});

/** An instance with the users ann, who was online at START, bob, who is online, and cid, who never was. */
class Office {
  readonly bench = new FleetBench();
  readonly record = this.bench.instance('sag-a');

  constructor() {
    this.users('ann', 'bob', 'cid');
    this.online({ ann: 1, bob: 1, cid: 0 });
  }

  users(...names: readonly string[]): void {
    this.bench.users(
      this.record,
      names.map((name) => user(name, { enabled: name !== 'cid' })),
    );
  }

  online(clients: Readonly<Record<string, number>>): void {
    this.bench.online(this.record, clients);
  }

  /** Makes online passes every half hour. The users ann and cid are offline, bob is online. */
  async watch(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += 30 * MINUTE) {
      await this.bench.clock.advance(30 * MINUTE);
      this.users(...(this.record.snapshot.users?.users.map(({ name }) => name) ?? []));
      const names = this.record.snapshot.users?.users.map(({ name }) => name) ?? [];
      this.online(Object.fromEntries(names.map((name) => [name, name === 'bob' ? 1 : 0])));
    }
  }

  /** The values of a family, by user name or by the time unused, or by nothing. */
  values(name: string, wishes: RenderWishes = {}): Readonly<Record<string, number>> {
    return Object.fromEntries(
      this.bench.lines(name, wishes).map((line) => {
        const [, key = '', value] =
          /\{[^}]*?(?:(?:user_name|unused_for)="([^"]*)")?\} (.*)$/.exec(line) ?? [];
        return [key, Number(value)];
      }),
    );
  }
}

describe('when users were last online', () => {
  it('is shown for those who were seen online, and since when the others are watched', async () => {
    const office = new Office();
    await office.watch(30 * MINUTE);
    expect(office.bench.text([LAST_ONLINE, FIRST_SEEN, WATCHED_SINCE])).toBe(
      `# HELP sag_app_watched_since_timestamp_seconds Since when it is recorded which users are online.
# TYPE sag_app_watched_since_timestamp_seconds gauge
sag_app_watched_since_timestamp_seconds{${INSTANCE}} 1767225600
# HELP sag_app_user_last_online_timestamp_seconds When the user was last seen online, within an hour while the user stays online; absent when the user was never seen online.
# TYPE sag_app_user_last_online_timestamp_seconds gauge
sag_app_user_last_online_timestamp_seconds{${INSTANCE},user_name="ann"} 1767225600
sag_app_user_last_online_timestamp_seconds{${INSTANCE},user_name="bob"} 1767225600
# HELP sag_app_user_first_seen_timestamp_seconds For a user who was never seen online: since when the user is watched; absent for all other users.
# TYPE sag_app_user_first_seen_timestamp_seconds gauge
sag_app_user_first_seen_timestamp_seconds{${INSTANCE},user_name="cid"} 1767225600
`,
    );
    await office.watch(30 * MINUTE);
    expect(office.values(LAST_ONLINE)).toEqual({ ann: START, bob: START + hour });
  });

  it('is absent for a removed user, and begins anew for a new user of the same name', async () => {
    const office = new Office();
    await office.watch(HOUR);
    office.users('bob', 'cid');
    expect(office.values(LAST_ONLINE)).toEqual({ bob: START + hour });
    office.users('ann', 'bob', 'cid');
    office.online({ ann: 0, bob: 1, cid: 0 });
    expect(office.values(FIRST_SEEN)).toEqual({ ann: START + hour, cid: START });
  });

  it('hides with the stale online stage, but not since when it is recorded', async () => {
    const office = new Office();
    await office.watch(30 * MINUTE);
    const wishes = { unusedAfter: [{ text: '20m', milliseconds: 20 * MINUTE }] };
    expect(office.values(UNUSED, wishes)).toEqual({ '20m': 2 });
    await office.bench.clock.advance(STALE_AFTER + SECOND);
    for (const name of [UNUSED, LAST_ONLINE, FIRST_SEEN, 'sag_app_online_users']) {
      expect(office.bench.lines(name, wishes), name).toEqual([]);
    }
    expect(office.values(WATCHED_SINCE)).toEqual({ '': START });
  });

  it('hashes names with user_name: hash', () => {
    const office = new Office();
    const userNames = hashedUserNames(Buffer.from('key'), () => 3);
    const names = [LAST_ONLINE, FIRST_SEEN].flatMap((name) =>
      Object.keys(office.values(name, { userNames })),
    );
    expect(names).toEqual(['ann', 'bob', 'cid'].map(userNames));
    expect(office.bench.text([], { userNames })).not.toMatch(/"(ann|bob|cid)"/);
  });

  it('counts as series of users, which max_user_series limits', () => {
    const office = new Office();
    const one = { admission: new UserAdmission(8) };
    expect(office.values(LAST_ONLINE, one)).toEqual({ ann: START });
    const { text, series } = office.bench.render(one);
    const shown = text.match(/^\w+\{.*user_name=/gm) ?? [];
    expect(series.exposed).toBe(shown.length);
    const all = office.bench.render().series.exposed;
    expect(series.dropped).toBe(all - series.exposed);
  });
});

describe('users who are unused', () => {
  it('are unknown until the instance was watched for so long', async () => {
    const office = new Office();
    expect(office.values(UNUSED, unusedAfter(1, 2))).toEqual({});
    await office.watch(DAY - 30 * MINUTE);
    expect(office.values(UNUSED, unusedAfter(1, 2))).toEqual({});
    await office.watch(30 * MINUTE);
    expect(office.bench.lines(UNUSED, unusedAfter(1, 2))).toEqual([
      `sag_app_users_unused{${INSTANCE},unused_for="1d"} 2`,
    ]);
  });

  it('do not include a new user before that user was watched for so long', async () => {
    const office = new Office();
    await office.watch(DAY);
    office.users('ann', 'bob', 'cid', 'new');
    await office.watch(DAY);
    expect(office.values(UNUSED, unusedAfter(1, 2))).toEqual({ '1d': 2, '2d': 2 });
    await office.watch(30 * MINUTE);
    expect(office.values(UNUSED, unusedAfter(1, 2))).toEqual({ '1d': 3, '2d': 2 });
  });

  it('stay as the newest pass found them while no pass ends', async () => {
    const office = new Office();
    await office.watch(DAY - 30 * MINUTE);
    const keeping = office.bench.exposition(unusedAfter(1));
    const lines = (): string => office.bench.render({}, keeping).text;
    expect(lines()).not.toContain(UNUSED);
    // The time passes without another pass, and the online stage is not stale yet.
    await office.bench.clock.advance(STALE_AFTER - SECOND);
    expect(lines()).not.toContain(UNUSED);
    await office.bench.clock.advance(STALE_AFTER + SECOND);
    office.online({ ann: 0, bob: 1, cid: 0 });
    expect(lines()).toContain(`sag_app_users_unused{${INSTANCE},unused_for="1d"} 2\n`);
  });

  it('are counted also when only instances have series, and with the texts of the settings', async () => {
    const office = new Office();
    await office.watch(DAY);
    const wishes = {
      detail: 'instances',
      unusedAfter: [
        { text: '24h', milliseconds: DAY },
        { text: '90m', milliseconds: 90 * MINUTE },
      ],
    } as const;
    expect(office.values(UNUSED, wishes)).toEqual({ '24h': 2, '90m': 2 });
    expect(office.values(WATCHED_SINCE, wishes)).toEqual({ '': START });
    expect(office.bench.text([LAST_ONLINE, FIRST_SEEN], wishes)).toBe('');
    expect(office.bench.text([UNUSED], { ...wishes, unusedAfter: [] })).toBe('');
  });

  it('shrink at once when an unused user is deleted', async () => {
    const office = new Office();
    await office.watch(DAY);
    const keeping = office.bench.exposition(unusedAfter(1));
    office.bench.render({}, keeping);
    office.users('bob', 'cid');
    expect(office.bench.render({}, keeping).text).toContain('unused_for="1d"} 1\n');
  });
});

describe('blocks of users', () => {
  it('are kept while nobody is seen online or goes offline', async () => {
    const bench = new FleetBench();
    const record = bench.instance('sag-a');
    const names = Array.from({ length: 3000 }, (_, at) => `user-${at}`);
    bench.users(
      record,
      names.map((name) => user(name)),
    );
    const keeping = bench.exposition();
    /** An online pass in which only these users are online, and the texts of a scrape after it. */
    const pass = async (...online: readonly string[]) => {
      await bench.clock.advance(30 * SECOND);
      bench.online(
        record,
        Object.fromEntries(names.map((name) => [name, online.includes(name) ? 1 : 0])),
      );
      return [...drained(keeping.refresh()).text('text', START)].filter((text) =>
        /^sag_app_user_(last_online|first_seen)/.test(Buffer.from(text).toString()),
      );
    };
    await pass('user-7');
    const before = await pass('user-7');
    expect(before).toHaveLength(4);
    // The user stays online, and the hour is not over: the very same bytes are sent again.
    for (const [index, text] of (await pass('user-7')).entries()) expect(text).toBe(before[index]);
    const after = await pass('user-7', 'user-2999');
    expect(after.map((text, index) => text === before[index])).toEqual([false, true, true, false]);
  });
});
