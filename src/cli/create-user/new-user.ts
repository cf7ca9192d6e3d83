import { isIPv4 } from 'node:net';
import { z } from 'zod';

export interface NewUserInput {
  readonly userMail?: string | undefined;
  readonly userName?: string | undefined;
  readonly bandwidth?: string | undefined;
  readonly clientIp?: string | undefined;
  readonly hasPassword: boolean;
  /** Text on stdin; absent without --password-stdin. */
  readonly password?: string | undefined;
}

export interface NewUser {
  readonly userMail: string;
  readonly bandwidthKbit: number;
  readonly login?: { readonly userName: string; readonly password: string };
  readonly clientIp?: string;
}

/** The user, or every problem of the input, each on a line without secrets. */
export type NewUserResult =
  | { readonly user: NewUser; readonly problems?: never }
  | { readonly user?: never; readonly problems: readonly string[] };

/** Kbit/s; range and default from the operation's page. */
const BANDWIDTH = { least: 1, most: 20_000, byDefault: 2000 } as const;

/** Rules of the operation's page. */
const USER_NAME = /^[A-Za-z0-9][A-Za-z0-9_@.-]{6,32}$/;
const PASSWORD = /^[A-Za-z0-9][A-Za-z0-9_@-]{7,31}$/;

/** The operation's page has no rule, so this is the rule of browsers; the API checks more. */
const MAIL = z.email({ pattern: z.regexes.html5Email });

export function newUser(input: NewUserInput): NewUserResult {
  const problems: string[] = [];
  const { userMail, userName, password, hasPassword, clientIp } = input;

  if (userMail === undefined || !MAIL.safeParse(userMail).success) {
    problems.push(problem('--user-mail', 'a mail address such as name@example.com', userMail));
  }
  if (userName !== undefined && !USER_NAME.test(userName)) {
    const expected =
      'a name of 7 to 33 letters, digits, "_", "@", "." and "-" that begins with a letter or digit';
    problems.push(problem('--user-name', expected, userName));
  }
  if (userName === undefined && hasPassword) {
    problems.push(problem('--user-name', 'a name for the password', undefined));
  }
  if (userName !== undefined && !hasPassword) {
    problems.push(
      problem('--password-stdin', 'the flag, since --user-name needs a password', undefined),
    );
  }
  if (hasPassword && !PASSWORD.test(password ?? '')) {
    problems.push(
      'stdin: expected a password of 8 to 32 letters, digits, "_", "@" and "-" that begins with a letter or digit; got ' +
        (password ? 'another text' : 'nothing'),
    );
  }
  const bandwidthKbit = bandwidthOf(input.bandwidth);
  if (bandwidthKbit === undefined) {
    const expected = `a whole number of Kbit/s from ${BANDWIDTH.least} to ${BANDWIDTH.most}`;
    problems.push(problem('--bandwidth', expected, input.bandwidth));
  }
  if (clientIp !== undefined && !isIPv4(clientIp)) {
    problems.push(problem('--client-ip', 'an IPv4 address such as 10.0.0.7', clientIp));
  }

  if (problems.length > 0 || userMail === undefined || bandwidthKbit === undefined) {
    return { problems };
  }
  return {
    user: {
      userMail,
      bandwidthKbit,
      ...(userName !== undefined && password !== undefined && { login: { userName, password } }),
      ...(clientIp !== undefined && { clientIp }),
    },
  };
}

function bandwidthOf(text: string | undefined): number | undefined {
  if (text === undefined) return BANDWIDTH.byDefault;
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  return value >= BANDWIDTH.least && value <= BANDWIDTH.most ? value : undefined;
}

function problem(flag: string, expected: string, got: string | undefined): string {
  return `${flag}: expected ${expected}; got ${got === undefined ? 'nothing' : JSON.stringify(got)}`;
}
