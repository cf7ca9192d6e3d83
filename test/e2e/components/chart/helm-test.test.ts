import { afterEach, expect, it, vi } from 'vitest';
import { serverCertificate } from '../../../support/certificates.ts';
import { type Manifest, render } from '../../../support/helm.ts';
import { type Others, only, Pod, type TestPod } from '../../../support/pod.ts';
import { type Program, startCommand, startProgram, urlOf } from '../../../support/start-program.ts';
import { temporaryFile, temporaryFolder } from '../../../support/temporary-files.ts';

const PATIENCE = { timeout: 60_000, interval: 100 };
const TLS = await serverCertificate();
/** Secrets that exist before the chart is installed. */
const OTHERS: Others = {
  'sag-tls': { 'tls.crt': TLS.cert, 'tls.key': TLS.key },
  scrape: { username: 'prometheus', password: 'change-me' },
  'other-scrape': { username: 'prometheus', password: 'wrong' },
};
const CONFIG = {
  // Nothing listens there: the test asks the exporter, not the API.
  accounts: [{ name: 'a', endpoint: 'http://127.0.0.1:9', regions: ['cn-shanghai'] }],
};
const SECURED = {
  config: CONFIG,
  credentials: { accessKeyId: 'id', accessKeySecret: 'secret' },
  web: {
    certificateSecret: 'sag-tls',
    config: {
      tls_server_config: { cert_file: '../tls/tls.crt', key_file: '../tls/tls.key' },
      // The hash of change-me.
      basic_auth_users: {
        prometheus: '$2y$10$GSquQ0s3h5skDcexSmKtCuFfStYb.veaIoVTz0473XHUk9J.Oq.22',
      },
    },
  },
};

let exporter: Program;

afterEach(async () => {
  await exporter?.end('SIGKILL');
});

async function rendered(values: object): Promise<readonly Manifest[]> {
  return render(`--values=${await temporaryFile('values.yaml', JSON.stringify(values))}`);
}

/** Starts the exporter of the chart and resolves with its address. */
async function startPod(manifests: readonly Manifest[]): Promise<string> {
  const pod = new Pod(await temporaryFolder(), manifests, OTHERS);
  const args = pod.args.map((arg) => arg.replace(/^(--web\.listen-address)=.*/, '$1=127.0.0.1:0'));
  exporter = startCommand(args, pod.env());
  return new URL(await vi.waitFor(() => urlOf(exporter), PATIENCE)).host;
}

/**
 * Runs what the pod of `helm test` runs, with the address of a local exporter in place of those in the Service, and
 * resolves with its exit code and its lines.
 */
async function helmTest(manifests: readonly Manifest[], address: string) {
  const [container] = only<TestPod>(manifests, 'Pod').spec.containers;
  const args = container.args.map((arg) => arg.replace(/[a-z0-9.-]+\.svc:\d+/, address));
  const env = Object.fromEntries(
    (container.env ?? []).map(({ name, value, valueFrom }) => {
      const { name: secret = '', key = '' } = valueFrom?.secretKeyRef ?? {};
      return [name, value ?? OTHERS[secret]?.[key] ?? ''];
    }),
  );
  const program =
    container.command === undefined
      ? startCommand(args, env)
      : startProgram(process.execPath, args, env);
  const exitCode = await program.ended;
  return {
    exitCode,
    lines: program.output.stdout.trim().split('\n'),
    errors: program.output.stderr,
  };
}

it('passes when the exporter answers with its metrics', async () => {
  const manifests = await rendered({ config: CONFIG, web: { telemetryPath: '/sag/metrics' } });
  const address = await startPod(manifests);
  expect(await helmTest(manifests, address)).toEqual({
    exitCode: 0,
    lines: [`http://${address}/-/healthy: passed`, `http://${address}/sag/metrics: passed`],
    errors: '',
  });

  const others = await rendered({ config: CONFIG, web: { telemetryPath: '/' } });
  expect(await helmTest(others, address)).toMatchObject({
    exitCode: 1,
    lines: [
      `http://${address}/-/healthy: passed`,
      expect.stringContaining('the answer has no metrics of sag-app-exporter'),
    ],
  });

  await exporter.end('SIGKILL');
  expect(await helmTest(manifests, address)).toMatchObject({
    exitCode: 1,
    lines: [expect.stringContaining('failed: ECONNREFUSED'), expect.stringContaining('failed')],
  });
});

it('asks every shard', async () => {
  const [container] = only<TestPod>(await rendered({ replicas: 3 }), 'Pod').spec.containers;
  expect(container.args.slice(-3)).toEqual(
    [0, 1, 2].map(
      (ordinal) =>
        `http://sag-sag-app-exporter-${ordinal}.sag-sag-app-exporter.monitoring.svc:10313`,
    ),
  );
});

it('uses TLS and the password of the ServiceMonitor, or else asks for a sign of life only', async () => {
  const basicAuth = (name: string) => ({
    serviceMonitor: {
      basicAuth: { username: { name, key: 'username' }, password: { name, key: 'password' } },
    },
  });
  const manifests = await rendered({ ...SECURED, ...basicAuth('scrape') });
  const address = await startPod(manifests);
  expect(await helmTest(manifests, address)).toMatchObject({
    exitCode: 0,
    lines: [`https://${address}/-/healthy: passed`, `https://${address}/metrics: passed`],
  });
  expect(
    await helmTest(await rendered({ ...SECURED, ...basicAuth('other-scrape') }), address),
  ).toMatchObject({ exitCode: 1, lines: Array(2).fill(expect.stringContaining('HTTP 401')) });

  const withoutPassword = await rendered(SECURED);
  expect(await helmTest(withoutPassword, address)).toMatchObject({
    exitCode: 0,
    lines: [`healthy: ${address} answers HTTPS 401`],
  });
  await exporter.end('SIGKILL');
  expect(await helmTest(withoutPassword, address)).toMatchObject({ exitCode: 1 });
});
