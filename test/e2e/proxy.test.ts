import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { DEFAULT_KEY } from '../../src/simulator/index.ts';
import { authority, certificate } from '../support/certificates.ts';
import { startCommand } from '../support/start-program.ts';
import { type StartedProxy, startProxy } from '../support/start-proxy.ts';
import { startSimulator } from '../support/start-simulator.ts';
import { startTlsFront } from '../support/start-tls-front.ts';
import { temporaryFolder } from '../support/temporary-files.ts';

const LOGIN = ['marked-user', 'marked-password'] as const;
const API = 'smartag.cn-shanghai.aliyuncs.com';

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

/** The API under its real name, reachable only through a proxy that requires a password. */
let proxy: StartedProxy;
let ca: string;

beforeEach(async () => {
  const instances = [{ id: 'sag-behind', regionId: 'cn-shanghai', users: 3, usersLimit: 5 }];
  const api = await startSimulator({ clock: systemClock, instances });
  ends.push(api.stop);
  const root = await authority('authority of this test');
  const front = await startTlsFront(api.url, await certificate({ dns: [API] }, root));
  ends.push(front.stop);
  proxy = await startProxy({
    login: LOGIN.join(':'),
    leads: { [`${API}:443`]: `127.0.0.1:${front.port}` },
  });
  ends.push(proxy.stop);
  ca = join(await temporaryFolder(), 'ca.pem');
  await writeFile(ca, root.cert);
});

async function run(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<{ readonly code: number | null; readonly stdout: string; readonly all: string }> {
  const program = startCommand(args, {
    ALIBABA_CLOUD_ACCESS_KEY_ID: DEFAULT_KEY.accessKeyId,
    ALIBABA_CLOUD_ACCESS_KEY_SECRET: DEFAULT_KEY.accessKeySecret,
    ALIBABA_CLOUD_REGION_ID: 'cn-shanghai',
    ...env,
  });
  const code = await program.ended;
  const { stdout, stderr } = program.output;
  expect(stdout + stderr).not.toContain('marked');
  return { code, stdout, all: stdout + stderr };
}

describe('behind a proxy', () => {
  it('the fleet is read through HTTPS_PROXY, and the certificate is verified with the configured authority', async () => {
    const env = { HTTPS_PROXY: proxy.urlFor(...LOGIN), NODE_EXTRA_CA_CERTS: ca };
    const { code, stdout } = await run(['once'], env);
    expect(stdout).toMatch(/^sag_app_users\{.*instance_id="sag-behind".*\} 3$/m);
    expect(code).toBe(0);
    expect(new Set(proxy.requests)).toEqual(new Set([`CONNECT ${API}:443`]));
  });

  it('the fleet is read through `proxy` of the configuration', async () => {
    const file = join(await temporaryFolder(), 'config.yml');
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of the configuration.
    await writeFile(file, 'proxy: ${PROXY}\n');
    const env = {
      PROXY: proxy.urlFor(...LOGIN),
      NODE_EXTRA_CA_CERTS: ca,
      HTTPS_PROXY: 'http://127.0.0.1:9',
      NO_PROXY: '*',
    };
    expect((await run(['once', `--config.file=${file}`], env)).code).toBe(0);
    expect(proxy.requests).not.toEqual([]);
  });

  it('doctor uses the same proxy', async () => {
    const env = { HTTPS_PROXY: proxy.urlFor(...LOGIN), NODE_EXTRA_CA_CERTS: ca };
    const { code, stdout } = await run(['doctor'], env);
    expect(stdout).toContain(`https://${API}: reached through the proxy and answers in`);
    expect(code).toBe(0);
  });

  it('doctor says when the certificate is not trusted', async () => {
    const { code, stdout } = await run(['doctor'], { HTTPS_PROXY: proxy.urlFor(...LOGIN) });
    expect(stdout).toMatch(/the TLS handshake fails \((SELF_SIGNED_CERT|UNABLE_TO)_\w+\)/);
    expect(stdout).toContain('NODE_EXTRA_CA_CERTS');
    expect(code).toBe(1);
  });

  it('doctor says when the proxy refuses its user', async () => {
    const env = { HTTPS_PROXY: proxy.urlFor('marked-user', 'marked-wrong') };
    const { code, stdout } = await run(['doctor'], env);
    expect(stdout).toContain('the proxy refuses the connection (PROXY_407)');
    expect(code).toBe(1);
  });

  it('doctor says when HTTPS_PROXY is no HTTP proxy', async () => {
    const { code, stdout } = await run(['doctor'], { HTTPS_PROXY: 'socks5://marked@127.0.0.1' });
    expect(stdout).toContain('HTTPS_PROXY is no http:// or https:// URL of a proxy');
    expect(code).toBe(1);
  });
});
