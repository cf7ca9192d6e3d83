/*
 * Measures how much of a server's unknown, changing limit the adaptive rate uses, compared with plain
 * halving, in virtual time with a seed: `npx tsx bench/adaptive-rate.ts [law]`.
 */
import { MINUTE, SECOND } from '../src/clock.ts';
import { AdaptiveRate } from '../src/smartag/pacing/adaptive-rate.ts';
import {
  type Kind,
  type Law,
  type Limit,
  measure,
  perSecond,
  simulate,
  third,
  timeTo90,
} from '../test/support/server-limits.ts';

const PHASE = 5 * MINUTE;
const SETTLING = MINUTE;
const MAX = 1000;
const SEED = 7;

/** Adds one call per second each second, and halves the rate when a call is refused, once for all calls in flight. */
class Halving implements Law {
  readonly pausedUntil = 0;
  #rate = 10;
  #cutAt = Number.NEGATIVE_INFINITY;

  get rate(): number {
    return this.#rate;
  }

  sent(): void {}

  accepted(): void {
    this.#rate = Math.min(MAX, this.#rate + 1 / this.#rate);
  }

  throttled(sentAt: number, now: number): void {
    if (sentAt <= this.#cutAt) return;
    this.#cutAt = now;
    this.#rate = Math.max(1 / 120, this.#rate / 2);
  }
}

const LAWS: Readonly<Record<string, () => Law>> = {
  adaptive: () => new AdaptiveRate({ max: MAX, now: 0 }),
  halving: () => new Halving(),
};

/** Limits, each with a concurrency and the slowest latency (ms) with which the limit can still be used. */
const LIMITS: readonly { name: string; limit: Limit; concurrency: number; slowest: number }[] = [
  { name: '5/60s', limit: { calls: 5, per: MINUTE }, concurrency: 8, slowest: 1000 },
  { name: '1/s', limit: { calls: 1, per: SECOND }, concurrency: 8, slowest: 1000 },
  { name: '5/s', limit: { calls: 5, per: SECOND }, concurrency: 8, slowest: 1000 },
  { name: '10/s', limit: { calls: 10, per: SECOND }, concurrency: 16, slowest: 1000 },
  { name: '50/s', limit: { calls: 50, per: SECOND }, concurrency: 64, slowest: 1000 },
  { name: '200/s', limit: { calls: 200, per: SECOND }, concurrency: 64, slowest: 300 },
  { name: '500/s', limit: { calls: 500, per: SECOND }, concurrency: 64, slowest: 120 },
];

const KINDS: readonly Kind[] = ['sliding', 'bucket', 'minute'];

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

const only = process.argv[2];
for (const refusedCount of [false, true]) {
  console.log(`\nRefused calls ${refusedCount ? 'count' : 'do not count'} against the limit`);
  console.log(
    '| law | server | limit | used: constant, third, restored | throttled | 90 % after |',
  );
  console.log('|---|---|---|---|---|---|');
  for (const [law, make] of Object.entries(LAWS)) {
    if (only !== undefined && law !== only) continue;
    for (const kind of KINDS) {
      for (const { name, limit, concurrency, slowest } of LIMITS) {
        const limits = [limit, third(limit), limit];
        const decisions = simulate({
          law: make(),
          kind,
          phases: limits.map((each) => ({ limit: each, ms: PHASE })),
          refusedCount,
          concurrency,
          latency: [20, slowest],
          arrival: [5, 15],
          seed: SEED,
        });
        const measures = limits.map((each, index) =>
          measure(decisions, each, index * PHASE + SETTLING, (index + 1) * PHASE),
        );
        const over = kind === 'minute' ? MINUTE : Math.max(10, 10 / perSecond(limit)) * SECOND;
        const after = timeTo90(decisions, limit, 2 * PHASE, over) / SECOND;
        console.log(
          `| ${law} | ${kind} | ${name} | ${measures.map(({ used }) => percent(used)).join(', ')} | ${measures
            .map(({ throttled }) => percent(throttled))
            .join(', ')} | ${Number.isFinite(after) ? `${after.toFixed(0)} s` : 'never'} |`,
        );
      }
    }
  }
}
