import { afterEach, expect, it, vi } from 'vitest';
import { systemClock } from '../../../../src/clock.ts';
import { ask } from '../../../support/ask.ts';
import { type Manifest, render } from '../../../support/helm.ts';
import { exporterOf, Pod } from '../../../support/pod.ts';
import { type Program, startCommand, urlOf } from '../../../support/start-program.ts';
import { type StartedSimulator, startSimulator } from '../../../support/start-simulator.ts';
import { temporaryFile, temporaryFolder } from '../../../support/temporary-files.ts';

const PATIENCE = { timeout: 90_000, interval: 250 };
let api: StartedSimulator;
let exporter: Program;

afterEach(async () => {
  await exporter?.end('SIGKILL');
  await api?.stop();
});

/** The chart for the simulator, with this account's name and secret of the access key. */
async function installation(account: string, secret: string): Promise<readonly Manifest[]> {
  const values = {
    config: { accounts: [{ name: account, endpoint: api.url, regions: ['cn-shanghai'] }] },
    credentials: { accessKeyId: 'testid', accessKeySecret: secret },
  };
  return render(`--values=${await temporaryFile('values.yaml', JSON.stringify(values))}`);
}

it('a pod polls as the values say, and follows its ConfigMap and Secret without a restart', async () => {
  api = await startSimulator({ clock: systemClock });
  const first = await installation('first', 'wrong');
  const pod = new Pod(await temporaryFolder(), first);
  // A free port of this machine in place of the port of the pod.
  const args = pod.args.map((arg) => arg.replace(/^(--web\.listen-address)=.*/, '$1=127.0.0.1:0'));
  exporter = startCommand(args, pod.env());
  const url = await vi.waitFor(() => urlOf(exporter), PATIENCE);
  const { livenessProbe, readinessProbe } = exporterOf(first);
  const answer = (path: string | undefined) => ask(`${url}${path}`);
  const metrics = async () => (await answer('/metrics')).body;

  await vi.waitFor(async () => {
    expect(await metrics()).toContain('code="SignatureDoesNotMatch"');
  }, PATIENCE);
  expect(await metrics()).toContain('sag_app_account_up{account="first"} 0\n');
  expect(await answer(livenessProbe.httpGet?.path)).toMatchObject({ status: 200 });

  pod.mount(await installation('first', 'testsecret'));
  await vi.waitFor(async () => {
    expect(await metrics()).toMatch(/^sag_app_users\{account="first",/m);
    expect(await answer(readinessProbe.httpGet?.path)).toMatchObject({ status: 200 });
  }, PATIENCE);

  pod.mount(await installation('second', 'testsecret'));
  await vi.waitFor(async () => {
    expect(await metrics()).toMatch(/^sag_app_users\{account="second",/m);
  }, PATIENCE);
});
