import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { REPOSITORY_URL } from '../../../scripts/project.ts';
import { authority, certificate, serverCertificate } from '../../support/certificates.ts';
import {
  builtImage,
  type Container,
  type ContainerWishes,
  type Image,
  namedVolume,
  STORAGE,
  startContainer,
} from '../../support/start-container.ts';

const PATIENCE = { timeout: 60_000, interval: 250 };
/** A user that the image does not know, in the group of root, as on OpenShift. */
const STRANGER = '12345:0';

let image: Image;
let containers: Container[] = [];
let folder: string;

beforeAll(() => {
  image = builtImage();
});

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'container-'));
});

afterEach(async () => {
  await Promise.all(containers.map((container) => container.end('SIGKILL').catch(() => {})));
  containers = [];
  await rm(folder, { recursive: true });
});

async function start(args: readonly string[], wishes: ContainerWishes = {}): Promise<Container> {
  const files = await mkdtemp(join(folder, 'files-'));
  await chmod(files, 0o755);
  await chmod(folder, 0o755);
  const container = await startContainer(image, args, files, wishes);
  containers.push(container);
  return container;
}

/** Runs the image's HEALTHCHECK as a container engine does. */
function healthcheck(container: Container) {
  const [kind, ...command] = image.config.Healthcheck.Test;
  expect(kind).toBe('CMD');
  return container.exec(command);
}

const healthy = (address: string, sign: string) => ({
  status: 0,
  stdout: `healthy: ${address} ${sign}\n`,
  stderr: '',
});

describe('the image', () => {
  it('has labels with its name and commit, and an unprivileged user', () => {
    const { config } = image;
    expect(config.User).toBe('65532:65532');
    expect(config.Entrypoint).toEqual(['/usr/local/bin/node', '/app/dist/main.js']);
    expect(Object.keys(config.ExposedPorts).sort()).toEqual(['10313/tcp', '10314/tcp']);
    expect(config.Labels).toMatchObject({
      'org.opencontainers.image.title': 'sag-app-exporter',
      'org.opencontainers.image.version': process.env['IMAGE_VERSION'],
      'org.opencontainers.image.revision': process.env['IMAGE_REVISION'],
      'org.opencontainers.image.licenses': 'Apache-2.0',
      'org.opencontainers.image.created': expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      'org.opencontainers.image.source': REPOSITORY_URL,
      'org.opencontainers.image.url': REPOSITORY_URL,
      'org.opencontainers.image.documentation': `${REPOSITORY_URL}/tree/main/docs`,
    });
    for (const key of ['description', 'authors', 'vendor', 'base.name']) {
      expect(config.Labels[`org.opencontainers.image.${key}`]).toMatch(/\S/);
    }
  });

  it('has neither a shell nor other files that are needless at run time', () => {
    const files = readdirSync(image.root, { recursive: true, encoding: 'utf8' });
    const programs = files.filter((file) => /(?:^|\/)s?bin\/[^/]+$/.test(file));
    expect(programs.filter((file) => !file.startsWith('app/'))).toEqual(['usr/local/bin/node']);
    // The maps of the bundle show positions in the sources when a defect ends the exporter.
    const needless =
      /(?:^|\/)(?:typescript|vitest|npm|@biomejs|.*\.ts|(?<!^app\/dist\/.*)[^/]*\.map)$/;
    expect(files.filter((file) => needless.test(file))).toEqual([]);
    expect(files).toContain('app/THIRD-PARTY-LICENSES.md');
    expect(files).toContain('usr/share/doc/libc6/copyright');
    expect(files).toContain('var/lib/dpkg/status.d/libc6');
  });
});

describe('a container with a read-only root, as a user unknown to the image', () => {
  it('shows the demo', async () => {
    const demo = await start(['demo'], { user: STRANGER });
    await vi.waitFor(() => {
      expect(demo.curl('http://127.0.0.1:10313/-/ready').stdout).toBe('Ready\n');
    }, PATIENCE);
    const { stdout } = demo.curl('http://127.0.0.1:10313/metrics');
    expect(stdout.match(/^sag_app_instance_up\{.* 1$/gm)).toHaveLength(6);
    expect(stdout).toMatch(
      new RegExp(
        `^sag_app_exporter_build_info\\{.*version="${process.env['IMAGE_VERSION']}",.*revision="${process.env['IMAGE_REVISION']}"`,
        'm',
      ),
    );
    expect(stdout).toMatch(/node_?version="v24\./);

    const { stdout: uid } = spawnSync('ps', ['-o', 'uid=', '-p', String(demo.pid)], {
      encoding: 'utf8',
    });
    expect(uid.trim()).toBe('12345');

    const write = ['/usr/local/bin/node', '-e', "fs.writeFileSync('/written', '')"];
    for (const user of [STRANGER, '0:0']) {
      const { status, stderr } = demo.exec(write, user);
      expect(status).not.toBe(0);
      expect(stderr).toContain(`EROFS: read-only file system, open '/written'`);
    }

    expect(healthcheck(demo)).toEqual(healthy('127.0.0.1:10313', 'answers HTTP 200'));
    expect(await demo.end()).toBe(0);
  });

  it('is healthy with TLS and users, at any address', async () => {
    const { cert, key } = await serverCertificate();
    const demo = await start(
      ['demo', '--web.listen-address=127.0.0.1:9999', '--web.config.file=/mnt/web.yml'],
      {
        user: STRANGER,
        files: {
          'web.yml': `tls_server_config: { cert_file: server.crt, key_file: server.key }
basic_auth_users: { alice: $2b$04$eb0gJ.TkcUjMRgjgYxN1xeHD9CsImjsWYiGNoGrD6bDDnU2uWlqO6 }
`,
          'server.crt': cert,
          'server.key': key,
        },
      },
    );
    const metrics = [
      '-k',
      '-o',
      '/dev/null',
      '-w',
      '%{http_code}',
      'https://127.0.0.1:9999/metrics',
    ];
    await vi.waitFor(() => expect(demo.curl(...metrics).stdout).toBe('401'), PATIENCE);
    expect(demo.curl('--user', 'alice:fakepassword', ...metrics).stdout).toBe('200');
    expect(healthcheck(demo)).toEqual(healthy('127.0.0.1:9999', 'answers HTTPS 401'));
  });

  it("is healthy if clients' certificates are required", async () => {
    const ca = await authority();
    const server = await serverCertificate(ca);
    const client = await certificate({ dns: ['client.test'] }, ca);
    const demo = await start(['demo', '--web.config.file', '/mnt/web.yml'], {
      user: STRANGER,
      files: {
        'web.yml':
          'tls_server_config: { cert_file: server.crt, key_file: server.key, client_ca_file: ca.crt, client_auth_type: RequireAndVerifyClientCert }\n',
        'server.crt': server.cert,
        'server.key': server.key,
        'ca.crt': ca.cert,
      },
    });
    await vi.waitFor(() => {
      expect(healthcheck(demo)).toEqual(
        healthy('127.0.0.1:10313', 'asks for a client certificate'),
      );
    }, PATIENCE);
    expect(client.cert).toContain('CERTIFICATE');
    expect(demo.curl('-k', 'https://127.0.0.1:10313/-/healthy').status).not.toBe(0);
  });

  it('serves with a mounted configuration and secret', async () => {
    const simulator = await start(['simulate'], { user: STRANGER });
    const serve = await start(['serve'], {
      user: '4242:4242',
      network: simulator,
      env: { SAG_APP_EXPORTER_CONFIG: '/mnt/config.yml' },
      files: {
        'config.yml': `accounts:
  - name: prod
    endpoint: http://127.0.0.1:10314
    regions: [cn-shanghai]
    credentials: { access_key_id: testid, access_key_secret_file: secret }
`,
        secret: 'testsecret\n',
      },
    });
    await vi.waitFor(() => {
      expect(serve.curl('http://127.0.0.1:10313/-/ready').stdout).toBe('Ready\n');
    }, PATIENCE);
    expect(serve.curl('http://127.0.0.1:10313/metrics').stdout).toContain(
      'sag_app_account_up{account="prod"} 1',
    );
    expect(healthcheck(serve)).toEqual(healthy('127.0.0.1:10313', 'answers HTTP 200'));
    expect(healthcheck(simulator)).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^healthy: 127\.0\.0\.1:10314 answers HTTP \d+\n$/),
    });
  });

  it.each([
    ['the user of the image', '65532:65532'],
    ['any user of the group of root', STRANGER],
  ])('keeps its state in a named volume, as %s', async (_, user) => {
    const simulator = await start(['simulate'], { user: STRANGER });
    const volume = namedVolume(image, folder);
    const files = {
      'config.yml': `accounts:
  - name: prod
    endpoint: http://127.0.0.1:10314
    regions: [cn-shanghai]
    credentials: { access_key_id: testid, access_key_secret: testsecret }
`,
    };
    /** The times since which instances are watched, as a process shows them that is then ended. */
    const watchedSince = async (): Promise<readonly string[]> => {
      const args = ['serve', '--config.file=/mnt/config.yml', `--storage.path=${STORAGE}`];
      const serve = await start(args, { user, volume, files, network: simulator });
      await vi.waitFor(() => {
        expect(serve.curl('http://127.0.0.1:10313/-/ready').stdout).toBe('Ready\n');
      }, PATIENCE);
      const stdout = await vi.waitFor(() => {
        const scrape = serve.curl('http://127.0.0.1:10313/metrics').stdout;
        expect(scrape).toMatch(/^sag_app_exporter_storage_last_write_successful 1$/m);
        return scrape;
      }, PATIENCE);
      expect(await serve.end()).toBe(0);
      return (stdout.match(/^sag_app_watched_since_timestamp_seconds\{.*$/gm) ?? []).sort();
    };
    const first = await watchedSince();
    expect(first).not.toEqual([]);
    expect(await watchedSince()).toEqual(first);
    const uid = Number(user.split(':')[0]);
    for (const name of readdirSync(join(volume, 'state'))) {
      const { mode, uid: owner } = statSync(join(volume, 'state', name));
      expect([mode & 0o777, owner]).toEqual([0o600, uid]);
    }
  });

  it('is unhealthy when its process is stopped', async () => {
    const simulator = await start(['simulate']);
    await vi.waitFor(() => expect(healthcheck(simulator).status).toBe(0), PATIENCE);
    process.kill(simulator.pid, 'SIGSTOP');
    expect(healthcheck(simulator)).toMatchObject({
      status: 1,
      stderr: 'unhealthy: 127.0.0.1:10314: no answer within 5 s\n',
    });
  });
});
