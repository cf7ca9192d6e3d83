import { MINUTE } from '../../clock.ts';
import { list, section, text } from '../../input/values.ts';
import { OPERATIONS } from '../operations/index.ts';
import { MAIL } from '../operations/user-fields.ts';
import { ratio } from '../rules/values.ts';
import { parseCidrBlock } from '../world/addresses.ts';
import { isUserName } from '../world/names.ts';
import { REGIONS } from '../world/regions.ts';

export function operationName() {
  const error = 'an operation of the simulator such as DescribeUserOnlineClients';
  const names: ReadonlySet<string> = new Set(OPERATIONS.map(({ name }) => name));
  return text(error).refine((name) => names.has(name), { error });
}

/** A region of the product that can have instances. */
export function region() {
  const ids = REGIONS.filter(({ extra }) => extra === undefined || extra === 'newer').map(
    ({ id }) => id,
  );
  const error = `a region of the product: ${ids.join(', ')}`;
  return text(error).refine((id) => ids.includes(id), { error });
}

export const instanceId = () => text('an instance id such as sag-abc123', /^[A-Za-z0-9-]+$/);

/** The name of a user: 7 characters or more today, 2 or more in the past, or a mail address. */
export function userName() {
  const error =
    'a user name: 2 to 33 letters, digits, "_", "@", "." and "-", a letter or digit first, or a mail address';
  return text(error).refine((name) => isUserName(name, 2) || MAIL.test(name), { error });
}

export const userNames = () => list(userName());

export function cidrBlock() {
  const error = 'networks such as 10.0.0.0/16, separated by commas';
  return text(error).refine(isCidrBlock, { error });
}

/** Reads a time of the day as milliseconds since midnight. */
function timeOfDay() {
  return text('a time of the day such as "09:30"', TIME_OF_DAY).transform(readTimeOfDay);
}

export const TIME_OF_DAY = /^(?:[01]\d|2[0-3]):[0-5]\d$/;

/** Milliseconds since midnight of a text that is a {@link TIME_OF_DAY}. */
export function readTimeOfDay(written: string): number {
  const [hours, minutes] = written.split(':');
  return (Number(hours) * 60 + Number(minutes)) * MINUTE;
}

export const rhythmKeys = () =>
  section({
    points: list(
      section({
        at: timeOfDay().describe('Time of the day.'),
        online: ratio().describe('Share of enabled users who are online then.'),
      }),
    )
      .min(1, { error: 'at least one point' })
      .describe('Between two points, and over midnight, the share changes evenly.'),
    weekend: ratio().prefault(1).describe('Factor for the shares on Saturdays and Sundays.'),
  });

function isCidrBlock(written: string): boolean {
  try {
    return parseCidrBlock(written).length > 0;
  } catch {
    return false;
  }
}
