import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { hashedUserNames } from '../../src/metrics/user-names.ts';
import { FleetBench, START, user } from '../support/fleet-bench.ts';
import { parseExposition } from '../support/parse-exposition.ts';

const KEY = Buffer.from('a key');

describe('hashed user names', () => {
  it('are the first 16 hexadecimal digits of the HMAC-SHA256 of the name', () => {
    const names = hashedUserNames(KEY, () => 0);
    const whole = createHmac('sha256', 'a key').update('ann@example.com').digest('hex');
    expect(names('ann@example.com')).toBe(whole.slice(0, 16));
  });

  it('are the same for the same name and key, and different with another key', () => {
    const one = hashedUserNames(KEY, () => 0);
    const other = hashedUserNames(KEY, () => 0);
    const foreign = hashedUserNames(Buffer.from('another key'), () => 0);
    expect(one('ann')).toBe(one('ann'));
    expect(one('ann')).toBe(other('ann'));
    expect(one('ann')).not.toBe(foreign('ann'));
    expect(one('ann')).not.toBe(one('bob'));
  });

  it('stay the same after the cache was emptied', () => {
    const names = hashedUserNames(KEY, () => 1);
    const before = names('ann');
    for (let n = 0; n < 25_000; n++) names(`passing ${n}`);
    expect(names('ann')).toBe(before);
  });

  it('do not count the fleet for each name', () => {
    let counted = 0;
    const names = hashedUserNames(KEY, () => {
      counted++;
      return 30_000;
    });
    for (let n = 0; n < 30_000; n++) names(`user ${n}`);
    expect(counted).toBeLessThan(10);
  });

  it('hide names and mail addresses in the exposition, and are the same in all series of a user', () => {
    const bench = new FleetBench();
    const record = bench.instance('sag-a');
    bench.users(record, [user('ann', { mail: 'ann@example.com' })]);
    bench.online(record, { ann: 1 });
    bench.sessions(record, { ann: [{ clientIp: '10.0.0.1', start: START }] });
    const text = bench.text([], { detail: 'sessions', userNames: hashedUserNames(KEY, () => 1) });
    expect(text).not.toContain('ann');
    const namesIn = (exposition: string) =>
      parseExposition(exposition)
        .flatMap(({ samples }) => samples)
        .map(({ labels }) => labels['user_name'])
        .filter((name) => name !== undefined);
    const hashes = namesIn(text);
    expect(hashes).toHaveLength(namesIn(bench.text([], { detail: 'sessions' })).length);
    expect(hashes.length).toBeGreaterThanOrEqual(6);
    expect(new Set(hashes).size).toBe(1);
  });

  it('that are equal by chance are one series', () => {
    const bench = new FleetBench();
    const record = bench.instance('sag-a');
    bench.users(record, [user('ann'), user('bob', { staticIp: true })]);
    bench.online(record, { ann: 1, bob: 2 });
    const text = bench.text(['sag_app_user_info', 'sag_app_user_online_clients'], {
      userNames: () => '0000000000000000',
    });
    expect(parseExposition(text).map(({ samples }) => samples.length)).toEqual([1, 1]);
  });
});
