// biome-ignore-all lint/suspicious/noTemplateCurlyInString: configurations refer to variables in this way.

import { describe, expect, test } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';
import { loadText, messageOf } from './load-text.ts';

const SECRET = 'hunter2';
const env = { SECRET, NUMBER: '987654321' };

const account = (keys: string): string => `accounts:\n  - name: a\n    ${keys}\n`;
const credentials = (keys: string): string => account(`credentials: { ${keys} }`);

/** Files that are refused because of a secret value, or have a secret value and another problem. */
const FILES: Readonly<Record<string, string>> = {
  'text for credentials': account(`credentials: ${SECRET}`),
  'text for an account': `accounts: [${SECRET}]`,
  'text for a file': SECRET,
  'key id without a secret': credentials(`access_key_id: ${SECRET}`),
  'secret without a key id': credentials(`access_key_secret: ${SECRET}`),
  'number for a secret': credentials('access_key_id: x, access_key_secret: 987654321'),
  'list for a secret': credentials(`access_key_id: x, access_key_secret: [${SECRET}]`),
  'mapping for a secret': credentials(`access_key_id: x, access_key_secret: { ${SECRET}: 1 }`),
  'number for a token': credentials(
    'access_key_id: x, access_key_secret: y, security_token: 987654321',
  ),
  'misspelt secret': credentials(`access_key_id: x, acces_key_secret: ${SECRET}`),
  'secret outside of credentials': account(`access_key_secret: ${SECRET}`),
  'secret twice': credentials(`access_key_secret: x, access_key_secret: ${SECRET}`),
  'malformed variable in a secret': credentials(
    `access_key_id: x, access_key_secret: "\${-${SECRET}"`,
  ),
  'alias for a secret': credentials(`access_key_id: x, access_key_secret: *${SECRET}`),
  'tag for a secret': credentials(`access_key_id: x, access_key_secret: !${SECRET} x`),
  'quote after a secret': credentials(`access_key_id: x, access_key_secret: "${SECRET}" x`),
  'reserved character before a secret': credentials(`access_key_secret: @${SECRET}`),
  'colon within a secret': `access_key_secret: x: ${SECRET}`,
  'brace within a secret': credentials(`access_key_secret: x}${SECRET}`),
  'escape within a secret': credentials(`access_key_secret: "\\${SECRET}"`),
  'block header before a secret': `access_key_secret: |${SECRET}\n  x`,
  'user of an endpoint': account(`endpoint: https://user:${SECRET}@host`),
  'user of a proxy': `proxy: ftp://user:${SECRET}@host`,
  'user of a proxy without scheme': `proxy: user:${SECRET}@host`,
  'user of a proxy beside another problem': `x: 1\nproxy: http://user:${SECRET}@host`,
  'variable for a duration': 'polling:\n  timeout: ${SECRET}',
  'variable within a duration': 'polling:\n  timeout: 1${SECRET}s',
  'variable for a region': account('regions: ["${SECRET}"]'),
  'variable for a section': 'polling: ${SECRET}',
  'variable for a number out of range': 'polling:\n  page_size: ${NUMBER}',
  'variable for an index out of range': 'shard:\n  index: ${NUMBER}',
  'variable for a total out of range': 'shard:\n  total: ${NUMBER}',
  'variable for an unknown key': 'x: ${SECRET}',
  'variable for a name that is taken': 'accounts:\n  - name: ${SECRET}\n  - name: ${SECRET}',
  'variable for a file': `metrics:\n  user_name: hash\n  hash_key_file: \${SECRET}/\${MISSING}`,
};

describe('a message never shows', () => {
  test.each(Object.entries(FILES))('%s', async (_, text) => {
    const message = await messageOf(text, env);
    expect(message).toContain('config.yml:');
    expect(message).not.toMatch(/hunter2|987654321/);
  });
});

test.each([
  ['access_key_id: 5, access_key_secret: x', 'access_key_id: expected the id of an access key'],
  [
    'access_key_id: x, access_key_secret: 5',
    'access_key_secret: expected the secret of an access key',
  ],
  [
    'access_key_id: x, access_key_secret: y, security_token: 5',
    'security_token: expected a security token',
  ],
])('a hidden value says so: %s', async (keys, line) => {
  expect(await messageOf(credentials(keys))).toContain(`${line}; got <hidden>`);
});

test.each(['$KEY', '"LTAI"', "'LTAI'", '<your key>', 'LTAI%20'])(
  'an id with a character of a script or an example is refused: %s',
  async (id) => {
    const text = `accounts:\n  - name: a\n    credentials:\n      access_key_id: \${ID}\n      access_key_secret: y`;
    const message = await messageOf(text, { ID: id });
    expect(message).toContain('access_key_id: expected the id of an access key, of letters');
    expect(message).toContain('got <hidden>');
  },
);

test.each(['""', "''", '"${EMPTY}"', '${EMPTY}'])(
  'an empty secret is refused: %s',
  async (empty) => {
    const text = `accounts:\n  - name: a\n    credentials:\n      access_key_id: x\n      access_key_secret: ${empty}`;
    expect(await messageOf(text, { EMPTY: '' })).toContain('the secret of an access key; got ""');
  },
);

describe('keys, secrets and tokens', () => {
  const keyOf = async (keys: string, variables: Record<string, string> = {}) => {
    const { accounts } = await loadText(credentials(keys), variables);
    return accounts[0]?.credentials;
  };

  test('lose the blanks and line ends around them, both in the file and from variables', async () => {
    const expected = {
      kind: 'static',
      accessKeyId: 'id',
      accessKeySecret: 'secret',
      securityToken: 'token',
    };
    const written =
      'access_key_id: "id\\r\\n", access_key_secret: " secret\\n", security_token: "\\ttoken"';
    expect(await keyOf(written)).toEqual(expected);
    const named = 'access_key_id: "${ID}", access_key_secret: "${KEY}", security_token: "${TOKEN}"';
    const variables = { ID: 'id\n', KEY: ' secret\r\n', TOKEN: '\ufefftoken\n\n' };
    expect(await keyOf(named, variables)).toEqual(expected);
  });

  test.each(['hunter2 hunter2', 'hunter2\nhunter2', 'hunter2\u00e9', 'hunter2\u0007'])(
    'that cannot be one then are refused, and not shown: %j',
    async (secret) => {
      for (const key of ['access_key_id', 'access_key_secret', 'security_token']) {
        const keys = { access_key_id: 'x', access_key_secret: 'y', [key]: secret };
        const message = await messageOf(credentials(JSON.stringify(keys).slice(1, -1)));
        expect(message).toMatch(new RegExp(`credentials\\.${key}: expected .*; got <hidden>$`));
        const given = { ...keys, [key]: '${SECRET}' };
        expect(
          await messageOf(credentials(JSON.stringify(given).slice(1, -1)), { SECRET: secret }),
        ).toMatch(/; got <hidden>$/);
      }
    },
  );

  test.each(['hunter2 hunter2', '{\n"secret": "hunter2"\n}', 'a\nb', 'hunter2\u00e9'])(
    'in a file of something else are refused, and not shown: %j',
    async (content) => {
      const text = credentials('access_key_id: x, access_key_secret_file: secret');
      const loading = loadConfig({
        file: 'config.yml',
        env: {},
        readFile: async (path) => (path === 'config.yml' ? text : content),
      });
      await expect(loading).rejects.toThrow(
        /access_key_secret_file: expected a file that has only the secret, in printable ASCII characters without blanks; got a file with other characters$/,
      );
    },
  );

  test('line ends at the end of a variable are removed', async () => {
    const text = 'accounts:\n  - name: ${NAME}\n    regions: ["${REGION}"]\n';
    const { accounts } = await loadText(text, { NAME: 'prod\r\n', REGION: 'cn-shanghai\n' });
    expect(accounts[0]).toMatchObject({ name: 'prod', regions: ['cn-shanghai'] });
  });
});
