import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LocalZone, localZone } from '../../../src/cli/history/local-zone.ts';
import { InvalidTimeError, parseTime } from '../../../src/cli/history/parse-time.ts';
import { DAY, MINUTE, SECOND } from '../../../src/clock.ts';

const SHANGHAI = new LocalZone('Asia/Shanghai');
const BERLIN = new LocalZone('Europe/Berlin');
/** Clocks go forward at midnight, so that some days begin at 01:00. */
const BEIRUT = new LocalZone('Asia/Beirut');
/** Clocks go back at midnight, so that some days have two midnights. */
const HAVANA = new LocalZone('America/Havana');
const ZONES = [
  SHANGHAI,
  BERLIN,
  BEIRUT,
  HAVANA,
  ...['UTC', 'Asia/Kathmandu', 'America/St_Johns'].map((name) => new LocalZone(name)),
];

const iso = (ms: number): string => new Date(ms).toISOString();

describe('a time with an offset is that moment', () => {
  it.each([
    ['2026-11-28T14:30:00Z', '2026-11-28T14:30:00.000Z'],
    ['2026-11-28t14:30:00.25z', '2026-11-28T14:30:00.250Z'],
    ['2026-11-28T14:30:00.9999999Z', '2026-11-28T14:30:00.999Z'],
    ['2026-11-28T14:30:00+08:00', '2026-11-28T06:30:00.000Z'],
    ['2026-11-28T14:30:00-03:30', '2026-11-28T18:00:00.000Z'],
    ['2026-11-28 14:30:00 +08:00', '2026-11-28T06:30:00.000Z'],
    ['2026-11-28T14:30Z', '2026-11-28T14:30:00.000Z'],
    [' 2026-11-28T14:30:00Z ', '2026-11-28T14:30:00.000Z'],
  ])('%j', (text, moment) => {
    for (const zone of ZONES) expect(iso(parseTime(text, zone))).toBe(moment);
  });
});

describe('a time without an offset is local', () => {
  it.each([
    ['2026-11-28 14:30', SHANGHAI, '2026-11-28T06:30:00.000Z'],
    ['2026-11-28T14:30:05', SHANGHAI, '2026-11-28T06:30:05.000Z'],
    ['2026-07-28 14:30:05.5', BERLIN, '2026-07-28T12:30:05.500Z'],
    ['2026-11-28 14:30', BERLIN, '2026-11-28T13:30:00.000Z'],
    ['2026-11-28', SHANGHAI, '2026-11-27T16:00:00.000Z'],
    // The day on which clocks are set forward has 23 hours, and begins at midnight.
    ['2026-03-29', BERLIN, '2026-03-28T23:00:00.000Z'],
    ['2026-03-30', BERLIN, '2026-03-29T22:00:00.000Z'],
    // At midnight clocks are set forward to 01:00.
    ['2026-03-29', BEIRUT, '2026-03-28T22:00:00.000Z'],
    // Clocks showed 00:30 twice.
    ['2026-11-01', HAVANA, '2026-11-01T04:00:00.000Z'],
  ])('%j', (text, zone, moment) => {
    expect(iso(parseTime(text, zone))).toBe(moment);
  });

  it.each([
    ['2026-11-28', SHANGHAI, '2026-11-28T15:59:59.999Z'],
    ['2026-03-29', BERLIN, '2026-03-29T21:59:59.999Z'],
    ['2026-03-28', BEIRUT, '2026-03-28T21:59:59.999Z'],
    ['2026-12-31', SHANGHAI, '2026-12-31T15:59:59.999Z'],
    ['2026-11-28 14:30', SHANGHAI, '2026-11-28T06:30:00.000Z'],
  ])(
    'and a date alone is the last moment of the day where an end is wanted: %j',
    (text, zone, moment) => {
      expect(iso(parseTime(text, zone, 'end'))).toBe(moment);
    },
  );
});

describe('is refused with a reason:', () => {
  it.each([
    ['', 'expected a time as in RFC 3339'],
    ['now', '; got "now"'],
    ['yesterday 14:30', 'expected a time as in RFC 3339'],
    ['2026-11-28 14', 'expected a time as in RFC 3339'],
    ['2026-11-28T14:30:00+0800', 'expected a time as in RFC 3339'],
    ['28.11.2026 14:30', 'expected a time as in RFC 3339'],
    ['1795876200', 'expected a time as in RFC 3339'],
    ['2026-02-29', 'expected a time that exists; got "2026-02-29"'],
    ['2026-13-01', 'expected a time that exists'],
    ['0000-00-00', 'expected a time that exists'],
    ['2026-11-28T24:00:00Z', 'expected a time that exists'],
    ['2026-11-28T14:60:00Z', 'expected a time that exists'],
    ['2026-11-28T14:30:60Z', 'expected a time that exists'],
    [
      '2026-03-29 02:30',
      'expected a time that exists in Europe/Berlin; got "2026-03-29 02:30", when clocks were set forward',
    ],
    [
      '2026-10-25 02:30',
      'expected "2026-10-25 02:30:00 +02:00" or "2026-10-25 02:30:00 +01:00"; got "2026-10-25 02:30", which clocks in Europe/Berlin showed twice',
    ],
  ])('%j', (text, message) => {
    expect(() => parseTime(text, BERLIN)).toThrow(InvalidTimeError);
    expect(() => parseTime(text, BERLIN)).toThrow(message);
  });
});

const moment = fc.integer({ min: Date.UTC(1990, 0, 1), max: Date.UTC(2037, 11, 31) });
const zone = fc.constantFrom(...ZONES);

it('a shown time is read back as the same second', () => {
  fc.assert(
    fc.property(moment, zone, (ms, local) => {
      const shown = local.format(ms);
      expect(shown).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d\d:\d\d$/);
      expect(parseTime(shown, local)).toBe(Math.floor(ms / SECOND) * SECOND);
    }),
    { numRuns: 2000 },
  );
});

it('a local time is read as a moment at which clocks show it, or is refused', () => {
  fc.assert(
    fc.property(moment, zone, (ms, local) => {
      const text = local.format(ms).slice(0, 16);
      try {
        expect(local.format(parseTime(text, local)).slice(0, 16)).toBe(text);
      } catch (error) {
        if (!(error instanceof InvalidTimeError)) throw error;
        // Near the changes of the clocks only.
        const near = [-DAY, DAY].map((distance) => local.format(ms + distance).slice(-6));
        expect(near[0]).not.toBe(near[1]);
      }
    }),
    { numRuns: 2000 },
  );
});

it('days follow each other without a gap', () => {
  fc.assert(
    fc.property(moment, zone, (ms, local) => {
      const today = local.format(ms).slice(0, 10);
      const end = parseTime(today, local, 'end');
      const tomorrow = local.format(end + 1).slice(0, 10);
      expect(tomorrow > today).toBe(true);
      expect(parseTime(tomorrow, local)).toBe(end + 1);
      expect(local.format(parseTime(today, local) - MINUTE).slice(0, 10) < today).toBe(true);
    }),
    { numRuns: 1000 },
  );
});

it('the local zone is that of TZ, else of the machine', () => {
  expect(localZone({ env: { TZ: 'America/Havana' } }).name).toBe('America/Havana');
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  for (const TZ of [undefined, '', ':/etc/localtime', 'CST-8']) {
    expect(localZone({ env: { TZ } }).name).toBe(timeZone);
  }
});
