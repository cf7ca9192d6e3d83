import { homedir } from 'node:os';
import { join } from 'node:path';
import ini from 'ini';
import { type CredentialsHost, readCredentialsFile } from './credentials-file.ts';
import { NoCredentialsError, type RawCredentials } from './key-pair.ts';

/*
 * Profile files are read here and not by @alicloud/credentials. That library reads files of any size, takes a
 * byte order mark for a part of the first line, keeps blanks around keys, replaces an empty key by that of
 * the environment, and quotes the file in its errors. Its providers are then made from the profiles.
 */

/** Gives the credentials that are valid now, as the providers of @alicloud/credentials do. */
export interface Provider {
  getCredentials(): Promise<RawCredentials>;
}

interface ProfileFile {
  readonly path: string;
  /** The name of the file in messages, which do not show a path from the environment. */
  readonly shownAs: string;
}

/** The settings of a profile; most are texts. */
type Profile = Readonly<Record<string, unknown>>;

/** The settings that each mode of the CLI requires. */
const CLI_MODES: Readonly<Record<string, readonly string[]>> = {
  AK: ['access_key_id', 'access_key_secret'],
  StsToken: ['access_key_id', 'access_key_secret', 'sts_token'],
  RamRoleArn: ['access_key_id', 'access_key_secret', 'ram_role_arn'],
  EcsRamRole: [],
  OIDC: ['oidc_token_file', 'oidc_provider_arn', 'ram_role_arn'],
  ChainableRamRoleArn: ['source_profile', 'ram_role_arn'],
  CloudSSO: ['cloud_sso_sign_in_url', 'cloud_sso_account_id', 'cloud_sso_access_config'],
  OAuth: ['oauth_site_type'],
  External: ['process_command'],
};

/** The settings that each type of the credentials file requires. */
const FILE_TYPES: Readonly<Record<string, readonly string[]>> = {
  access_key: ['access_key_id', 'access_key_secret'],
  ram_role_arn: ['access_key_id', 'access_key_secret', 'role_arn'],
  ecs_ram_role: [],
};

/** The profile of the aliyun CLI. @throws NoCredentialsError, CredentialsOutageError */
export async function openCliProfile(host: CredentialsHost): Promise<Provider> {
  const file = {
    path: join(homedir(), '.aliyun', 'config.json'),
    shownAs: '~/.aliyun/config.json',
  };
  const config = parseJson(await readCredentialsFile(host, file.path, file.shownAs), file);
  const profiles = Array.isArray(config['profiles']) ? config['profiles'].map(trimmed) : [];
  const byName = new Map(profiles.map((profile) => [textOf(profile, 'name'), profile]));
  const choice = chosenProfile(host) ?? {
    name: textOf(config, 'current'),
    shownAs: 'the current profile',
  };
  checkProfile(byName, choice, { file, key: 'mode', needs: CLI_MODES });
  const { CLIProfileCredentialsProvider } = await import('@alicloud/credentials');
  const maker = CLIProfileCredentialsProvider.builder().withProfileName(choice.name).build();
  return providerOf(() =>
    // The method is private only in the typings.
    (
      maker as unknown as { getCredentialsProvider(config: object, name: string): Provider }
    ).getCredentialsProvider({ ...config, profiles }, choice.name),
  );
}

/** A profile of the credentials file. @throws NoCredentialsError, CredentialsOutageError */
export async function openCredentialsFile(host: CredentialsHost): Promise<Provider> {
  const named = host.env['ALIBABA_CLOUD_CREDENTIALS_FILE']?.trim();
  const file = named
    ? { path: named, shownAs: 'the file of ALIBABA_CLOUD_CREDENTIALS_FILE' }
    : {
        path: join(homedir(), '.alibabacloud', 'credentials'),
        shownAs: '~/.alibabacloud/credentials',
      };
  const text = await readCredentialsFile(host, file.path, file.shownAs);
  const sections = Object.entries(ini.parse(text));
  const byName = new Map(sections.map(([name, section]) => [name, trimmed(section)]));
  const choice = chosenProfile(host) ?? { name: 'default', shownAs: 'a profile [default]' };
  checkProfile(byName, choice, { file, key: 'type', needs: FILE_TYPES });
  const { ProfileCredentialsProvider } = await import('@alicloud/credentials');
  const maker = ProfileCredentialsProvider.builder().withProfileName(choice.name).build();
  return providerOf(() => maker.getCredentialsProvider(Object.fromEntries(byName)));
}

function parseJson(text: string, file: ProfileFile): Profile {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    // The parser's error is dropped, because it quotes the file.
    throw new NoCredentialsError(`${file.shownAs} is no valid JSON`);
  }
  if (isMapping(parsed)) return parsed;
  throw new NoCredentialsError(`${file.shownAs} holds no profiles`);
}

interface ProfileChoice {
  readonly name: string;
  readonly shownAs: string;
}

function chosenProfile({ env }: CredentialsHost): ProfileChoice | undefined {
  const name = env['ALIBABA_CLOUD_PROFILE']?.trim();
  return name ? { name, shownAs: 'the profile of ALIBABA_CLOUD_PROFILE' } : undefined;
}

/** @throws NoCredentialsError when the profile is missing, or lacks a setting of its mode or type */
function checkProfile(
  profiles: ReadonlyMap<string, Profile>,
  choice: ProfileChoice,
  of: {
    readonly file: ProfileFile;
    readonly key: 'mode' | 'type';
    readonly needs: Readonly<Record<string, readonly string[]>>;
  },
): void {
  const { file, key, needs } = of;
  const profile = profiles.get(choice.name);
  if (profile === undefined) {
    const similar = [...profiles.keys()].some(
      (name) => name.toLowerCase() === choice.name.toLowerCase(),
    );
    const but = similar ? '; one differs in upper and lower case only' : '';
    throw new NoCredentialsError(`${file.shownAs} does not have ${choice.shownAs}${but}`);
  }
  const kind = textOf(profile, key);
  const needed = Object.hasOwn(needs, kind) ? needs[kind] : undefined;
  if (needed === undefined) {
    const kinds = Object.keys(needs).join(', ');
    const found = kind === '' ? 'no' : 'an unknown';
    throw new NoCredentialsError(
      `${file.shownAs}: ${choice.shownAs} has ${found} ${key}; known are ${kinds}`,
    );
  }
  const missing = needed.filter((name) => textOf(profile, name) === '');
  if (missing.length === 0) return;
  throw new NoCredentialsError(`${file.shownAs}: ${choice.shownAs} lacks ${missing.join(', ')}`);
}

/** @throws NoCredentialsError in place of the provider's error, which may quote settings */
function providerOf(make: () => Provider): Provider {
  try {
    return make();
  } catch {
    throw new NoCredentialsError('the settings of the profile cannot be used');
  }
}

/** Removes the blanks around the texts of a profile. */
function trimmed(profile: unknown): Profile {
  if (!isMapping(profile)) return {};
  return Object.fromEntries(
    Object.entries(profile).map(([key, value]) => [
      key,
      typeof value === 'string' ? value.trim() : value,
    ]),
  );
}

function textOf(profile: Profile, key: string): string {
  const value = Object.hasOwn(profile, key) ? profile[key] : undefined;
  return typeof value === 'string' ? value : '';
}

const isMapping = (value: unknown): value is Profile =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
