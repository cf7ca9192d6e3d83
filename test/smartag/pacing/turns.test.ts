import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InFlight, Turns } from '../../../src/smartag/pacing/turns.ts';

interface Job {
  readonly key: string;
  readonly id: number;
}

const job = (key: string, id = 0): Job => ({ key, id });

function turnsOf(jobs: readonly Job[], inFlight = new InFlight()): Turns<Job> {
  const turns = new Turns<Job>(inFlight);
  for (const each of jobs) turns.add(each);
  return turns;
}

function drain(turns: Turns<Job>): readonly string[] {
  const served: string[] = [];
  for (let next = turns.next(); next; next = turns.next()) served.push(`${next.key}${next.id}`);
  return served;
}

describe('turns', () => {
  it('of one key are in order', () => {
    expect(drain(turnsOf([job('a', 1), job('a', 2), job('a', 3)]))).toEqual(['a1', 'a2', 'a3']);
  });

  it('alternate between the keys', () => {
    const jobs = [job('a', 1), job('a', 2), job('a', 3), job('b', 1), job('c', 1), job('b', 2)];
    expect(drain(turnsOf(jobs))).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'a3']);
  });

  it('of a new key come after the keys that wait already', () => {
    const turns = turnsOf(Array.from({ length: 1000 }, (_, id) => job('long', id)));
    turns.next();
    turns.add(job('short'));
    expect([turns.next()?.key, turns.next()?.key]).toEqual(['long', 'short']);
  });

  it('go to the key with the fewest items in flight', () => {
    const inFlight = new InFlight();
    for (const key of ['a', 'a', 'b']) inFlight.begin(key);
    const turns = turnsOf([job('a', 1), job('b', 1), job('c', 1), job('c', 2)], inFlight);
    expect(drain(turns)).toEqual(['c1', 'c2', 'b1', 'a1']);
    inFlight.end('a');
    inFlight.end('a');
    turns.add(job('b', 2));
    turns.add(job('a', 2));
    expect(drain(turns)).toEqual(['a2', 'b2']);
  });

  it('are lost by removed items only', () => {
    const [first, second] = [job('a', 1), job('a', 2)];
    const turns = turnsOf([first, second]);
    turns.remove(first);
    turns.remove(first);
    turns.remove(job('elsewhere'));
    expect(drain(turns)).toEqual(['a2']);
    expect(turns.isEmpty).toBe(true);
  });

  it('end when nothing waits', () => {
    const turns = turnsOf([]);
    expect([turns.isEmpty, turns.next()]).toEqual([true, undefined]);
  });
});

it('in any course of events no item is lost, served twice, out of order, or passed over', () => {
  const key = fc.constantFrom('a', 'b', 'c', 'd');
  const event = fc.oneof(
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('add' as const), key }) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('next' as const) }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('end' as const), which: fc.nat() }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('remove' as const), which: fc.nat() }) },
  );
  fc.assert(
    fc.property(fc.array(event, { maxLength: 200, size: 'max' }), (events) => {
      const inFlight = new InFlight();
      const turns = new Turns<Job>(inFlight);
      /** The model: all waiting items in order of arrival, and all items in flight. */
      const waiting: Job[] = [];
      const serving: Job[] = [];
      const count = (of: string) => serving.filter((each) => each.key === of).length;
      for (const [id, happens] of events.entries()) {
        if (happens.kind === 'add') {
          const added = { key: happens.key, id };
          waiting.push(added);
          turns.add(added);
        } else if (happens.kind === 'end') {
          const [ended] = serving.splice(happens.which % Math.max(1, serving.length), 1);
          if (ended) inFlight.end(ended.key);
        } else if (happens.kind === 'remove') {
          const [removed] = waiting.splice(happens.which % Math.max(1, waiting.length), 1);
          if (removed) turns.remove(removed);
        } else {
          const next = turns.next();
          const keys = new Set(waiting.map((each) => each.key));
          expect(next === undefined).toBe(keys.size === 0);
          if (!next) continue;
          expect(next).toBe(waiting.find((each) => each.key === next.key));
          expect(count(next.key)).toBe(Math.min(...[...keys].map(count)));
          waiting.splice(waiting.indexOf(next), 1);
          serving.push(next);
          inFlight.begin(next.key);
        }
        expect(turns.isEmpty).toBe(waiting.length === 0);
        for (const each of ['a', 'b', 'c', 'd']) expect(inFlight.of(each)).toBe(count(each));
      }
    }),
    { numRuns: 60 },
  );
});

it('a key waits for no more turns than there are other keys, however long their queues', () => {
  const lengths = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 2, maxLength: 8 });
  fc.assert(
    fc.property(lengths, (queues) => {
      const turns = turnsOf(
        queues.flatMap((length, key) => Array.from({ length }, (_, id) => job(String(key), id))),
      );
      const served: string[] = [];
      for (let next = turns.next(); next; next = turns.next()) served.push(next.key);
      for (const key of queues.keys()) {
        const places = served.flatMap((each, place) => (each === String(key) ? [place] : []));
        const gaps = places.map((place, index) => place - (places[index - 1] ?? -1));
        expect(Math.max(...gaps)).toBeLessThanOrEqual(queues.length);
      }
    }),
  );
});
