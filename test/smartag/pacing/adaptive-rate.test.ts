import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MINUTE, SECOND } from '../../../src/clock.ts';
import { AdaptiveRate } from '../../../src/smartag/pacing/adaptive-rate.ts';
import { type Kind, measure, perSecond, simulate, third } from '../../support/server-limits.ts';

const LATENCY = 20;

/** A rate, and a client that always uses all of it, one call at a time. */
class Client {
  readonly law: AdaptiveRate;
  now = 0;

  constructor(max = 1000, law = new AdaptiveRate({ max, now: 0 })) {
    this.law = law;
  }

  /** Sends as many calls as the rate allows for `ms` milliseconds. Every call is answered at once. */
  work(ms: number, accepts: (rate: number) => boolean = () => true): void {
    const end = this.now + ms;
    for (;;) {
      const next = Math.max(this.now + SECOND / this.law.rate, this.law.pausedUntil);
      if (next > end) break;
      this.now = next;
      this.law.sent(next);
      if (accepts(this.law.rate)) this.law.accepted(next, next);
      else this.law.throttled(next, next);
    }
    this.now = end;
  }

  /** Sends `count` calls at the rate and returns their moments. None is answered. */
  send(calls: number): number[] {
    return Array.from({ length: calls }, () => {
      this.now = Math.max(this.now + SECOND / this.law.rate, this.law.pausedUntil);
      this.law.sent(this.now);
      return this.now;
    });
  }
}

it('starts at 10 calls a second, or at a lower bound', () => {
  expect(new AdaptiveRate({ max: 500, now: 0 }).rate).toBe(10);
  expect(new AdaptiveRate({ max: 0.5, now: 0 }).rate).toBe(0.5);
  expect(new AdaptiveRate({ max: 0.001, now: 0 }).rate).toBe(0.001);
});

it('doubles each second until the first refusal, never above the bound', () => {
  const client = new Client(100);
  client.work(SECOND);
  expect(client.law.rate / 20).toBeCloseTo(1, 0);
  client.work(SECOND);
  expect(client.law.rate / 40).toBeCloseTo(1, 0);
  client.work(MINUTE);
  expect(client.law.rate).toBe(100);
});

it('cuts once, gently, for a burst of calls that were in flight', () => {
  const { law, ...client } = withRate(new Client(50));
  expect(law.rate).toBe(50);
  const sent = client.send(20);
  const now = client.now() + LATENCY;
  for (const at of sent) law.throttled(at, now);
  expect(law.rate).toBeCloseTo(46);
  expect(law.pausedUntil - now).toBe(100);
});

it('remembers the ceiling: stays close below it, and exceeds it rarely', () => {
  const client = new Client();
  let refused = 0;
  const accepts = (rate: number): boolean => {
    if (rate > 100) refused += 1;
    return rate <= 100;
  };
  client.work(MINUTE, accepts);
  refused = 0;
  let lowest = Number.POSITIVE_INFINITY;
  for (let second = 0; second < 120; second += 1) {
    client.work(SECOND, accepts);
    lowest = Math.min(lowest, client.law.rate);
  }
  expect(lowest).toBeGreaterThan(85);
  expect(refused).toBeGreaterThan(0);
  expect(refused).toBeLessThan(20);
});

it('finds a limit that has tripled within a minute', () => {
  const client = new Client();
  client.work(2 * MINUTE, (rate) => rate <= 30);
  client.work(MINUTE, (rate) => rate <= 90);
  expect(client.law.rate).toBeGreaterThan(80);
});

it('does not grow from calls that were not made', () => {
  const client = new Client();
  client.work(SECOND);
  const before = client.law.rate;
  for (let minute = 0; minute < 60; minute += 1) {
    client.now += MINUTE;
    client.law.sent(client.now);
    client.law.accepted(client.now, client.now + LATENCY);
  }
  expect(client.law.rate).toBe(before);
});

it('does not grow far above a rate that is held back by the calls in flight', () => {
  const law = new AdaptiveRate({ max: 1000, now: 0 });
  simulate({
    law,
    kind: 'sliding',
    phases: [{ limit: { calls: 1000, per: SECOND }, ms: 10 * MINUTE }],
    refusedCount: false,
    concurrency: 8,
    latency: [100, 300],
    arrival: [5, 15],
    seed: 1,
  });
  expect(law.rate).toBeLessThan(3 * 40);
});

it('waits as long as the server asks, even when calls are accepted during the pause', () => {
  const { law, ...client } = withRate(new Client(50));
  const [first = 0, second = 0] = client.send(2);
  const now = client.now() + LATENCY;
  law.throttled(first, now);
  law.pauseUntil(now + 7000);
  law.accepted(second, now);
  expect(law.pausedUntil).toBe(now + 7000);
  law.pauseUntil(now + 3000);
  expect(law.pausedUntil).toBe(now + 7000);
});

it('makes one call at a time, ever more rarely, while everything is refused', () => {
  const client = new Client();
  client.work(5 * SECOND);
  let calls = 0;
  const refuse = (): boolean => {
    calls += 1;
    return false;
  };
  client.work(MINUTE, refuse);
  expect(calls).toBeLessThan(16);
  calls = 0;
  client.work(10 * MINUTE, refuse);
  expect(calls).toBeGreaterThan(5);
  expect(calls).toBeLessThan(16);
});

it('waits for the answer to a probe before the next call', () => {
  const { law, ...client } = withRate(new Client(50));
  for (let probe = 0; probe < 2; probe += 1) {
    const [at = 0] = client.send(1);
    law.throttled(at, at + LATENCY);
  }
  const [at = 0] = client.send(1);
  expect(law.pausedUntil).toBe(at + 2000);
  law.accepted(at, at + 300);
  expect(law.pausedUntil).toBe(at + 300);
});

it('recovers after hours of refusals', () => {
  const client = new Client();
  client.work(2 * MINUTE, (rate) => rate <= 100);
  client.work(5 * 60 * MINUTE, () => false);
  expect(client.law.pausedUntil - client.now).toBeLessThan(90 * SECOND);
  client.work(3 * MINUTE, (rate) => rate <= 100);
  expect(client.law.rate).toBeGreaterThan(85);
});

describe('uses at least 90 % of a limit, at most 2 % of calls throttled, 60 s after each change', () => {
  const phase = 5 * MINUTE;
  const limits = [
    { calls: 5, concurrency: 8, slowest: 1000 },
    { calls: 10, concurrency: 16, slowest: 1000 },
    { calls: 50, concurrency: 64, slowest: 1000 },
    { calls: 500, concurrency: 64, slowest: 120 },
  ];
  const cases = limits.flatMap((limit) =>
    (['sliding', 'bucket'] satisfies Kind[]).map((kind) => ({ ...limit, kind })),
  );
  it.each(cases)('$kind, $calls/s', ({ kind, calls, concurrency, slowest }) => {
    const whole = { calls, per: SECOND };
    const schedule = [whole, third(whole), whole, third(whole), whole];
    const decisions = simulate({
      law: new AdaptiveRate({ max: 1000, now: 0 }),
      kind,
      phases: schedule.map((limit) => ({ limit, ms: phase })),
      refusedCount: false,
      concurrency,
      latency: [LATENCY, slowest],
      arrival: [5, 15],
      seed: 1,
    });
    for (const [index, limit] of schedule.entries()) {
      const reached = measure(decisions, limit, index * phase + MINUTE, (index + 1) * phase);
      const where = `phase ${index + 1}, ${perSecond(limit)}/s`;
      expect(reached.used, where).toBeGreaterThanOrEqual(0.9);
      expect(reached.throttled, where).toBeLessThanOrEqual(0.02);
    }
  });

  it('also with minutes without work', () => {
    const limit = { calls: 50, per: SECOND };
    const decisions = simulate({
      law: new AdaptiveRate({ max: 1000, now: 0 }),
      kind: 'sliding',
      phases: [{ limit, ms: 20 * MINUTE }],
      refusedCount: false,
      concurrency: 64,
      latency: [LATENCY, SECOND],
      arrival: [5, 15],
      seed: 1,
      wanted: (now) => Math.floor(now / (2 * MINUTE)) % 2 === 0,
    });
    for (let from = 4 * MINUTE; from < 20 * MINUTE; from += 4 * MINUTE) {
      const reached = measure(decisions, limit, from, from + 2 * MINUTE);
      expect(reached.used).toBeGreaterThanOrEqual(0.9);
      expect(reached.throttled).toBeLessThanOrEqual(0.02);
    }
  });
});

it('is finite and between floor and bound after any course of events', () => {
  const step = fc.record({
    kind: fc.constantFrom('accepted', 'throttled', 'unanswered'),
    idle: fc.oneof(fc.nat(100), fc.nat(10 * MINUTE)),
    latency: fc.nat(2000),
    retryAfterMs: fc.option(fc.nat(MINUTE), { nil: undefined }),
    patient: fc.boolean(),
    repeat: fc.integer({ min: 1, max: 50 }),
  });
  fc.assert(
    fc.property(
      fc.double({ min: 0.001, max: 10_000, noNaN: true }),
      fc.array(step, { maxLength: 100 }),
      (max, steps) => {
        const law = new AdaptiveRate({ max, now: 0 });
        let now = 0;
        for (const { kind, idle, latency, retryAfterMs, patient, repeat } of steps) {
          now += idle;
          for (let call = 0; call < repeat; call += 1) {
            if (patient) now = Math.max(now + SECOND / law.rate, law.pausedUntil);
            const sentAt = now;
            law.sent(sentAt);
            now += latency;
            if (kind === 'accepted') law.accepted(sentAt, now);
            if (kind === 'throttled') law.throttled(sentAt, now);
            if (retryAfterMs !== undefined) law.pauseUntil(now + retryAfterMs);
            expect(law.rate).toBeGreaterThanOrEqual(Math.min(max, 1 / 120));
            expect(law.rate).toBeLessThanOrEqual(max);
            expect(Number.isNaN(law.pausedUntil)).toBe(false);
            expect(law.pausedUntil).toBeLessThanOrEqual(now + 10 * MINUTE);
          }
        }
      },
    ),
  );
});

/** A client at its bound, after two minutes of work without a refusal. */
function withRate(client: Client) {
  client.work(2 * MINUTE);
  return {
    law: client.law,
    send: (calls: number) => client.send(calls),
    now: () => client.now,
  };
}

describe('a rate that an earlier process has learned', () => {
  const learned = (start: number, ceiling?: number, max = 1000) =>
    new Client(max, new AdaptiveRate({ max, start, ceiling, now: 0 }));

  it('goes on doubling where no limit is known', () => {
    const client = learned(40);
    client.work(SECOND);
    expect(client.law.rate / 80).toBeCloseTo(1, 0);
  });

  it('rises to the known limit, and stays there before it looks for a higher one', () => {
    const client = learned(60, 100);
    client.work(9 * SECOND);
    expect(client.law.rate).toBeLessThanOrEqual(100);
    expect(client.law.rate).toBeGreaterThan(99);
    client.work(MINUTE);
    expect(client.law.rate).toBeGreaterThan(200);
  });

  it('above the known limit was accepted, so it is not taken back', () => {
    const client = learned(120, 100);
    client.work(5 * SECOND);
    expect(client.law).toMatchObject({ rate: 120, ceiling: 120 });
  });

  it('stays within the bound and above the lowest rate', () => {
    expect(learned(60, 100, 20).law.rate).toBe(20);
    expect(learned(0).law.rate).toBe(1 / 120);
  });
});
