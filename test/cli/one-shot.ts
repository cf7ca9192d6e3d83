import { run } from '../../src/cli/run.ts';
import { FakeHost } from '../support/fake-host.ts';
import { temporaryFile } from '../support/temporary-files.ts';

/** A key whose parts are recognizable in any output. */
export const MARKED_KEY = {
  accessKeyId: 'LTAI-marked-key-id',
  accessKeySecret: 'marked-key-secret',
  securityToken: 'marked-security-token',
};

/** Parts of a key that must never be printed. */
export const KEY_SECRETS = [MARKED_KEY.accessKeySecret, MARKED_KEY.securityToken];

/** Settings of the account `prod` and of polling, in YAML's flow style. */
export interface Wishes {
  readonly account?: string;
  readonly polling?: string;
  /** The section `metrics`. */
  readonly metrics?: string;
  readonly secret?: string;
}

/** A configuration file of one account at this endpoint, with the marked key. */
export function configOf(endpoint: string, wishes: Wishes = {}): Promise<string> {
  const {
    account = 'regions: [cn-shanghai, ap-southeast-1]',
    polling = '',
    metrics = '{}',
  } = wishes;
  return temporaryFile(
    'config.yml',
    `
accounts:
  - name: prod
    endpoint: ${endpoint}
    credentials:
      access_key_id: ${MARKED_KEY.accessKeyId}
      access_key_secret: ${wishes.secret ?? MARKED_KEY.accessKeySecret}
      security_token: ${MARKED_KEY.securityToken}
    ${account}
polling: { requests_per_second: 1000, adaptive: false, ${polling} }
metrics: ${metrics}
`,
  );
}

/** Exit code and output of a command. */
export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a command to its end. */
export async function ran(
  args: readonly string[],
  options: ConstructorParameters<typeof FakeHost>[1] = {},
): Promise<Ran> {
  const host = new FakeHost({}, options);
  const code = await run(args, host);
  return { code, out: host.out, err: host.err };
}
