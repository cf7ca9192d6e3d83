import { englishPathOf } from './chinese-pages.ts';
import type { PageBlock } from './page-blocks.ts';

/** A shell block of a page that no test runs as it stands, with the reason. */
interface NotRun {
  readonly path: string;
  /** The first characters of the block. */
  readonly begins: string;
  readonly reason: string;
}

const TESTS = 'runs all tests, of which this is one; .ci/run begins with the same commands';
const DOCKER = 'needs a Docker engine; .ci/image builds and runs the same image without one';
const ADAPTER =
  'needs the image of an adapter; test/e2e/components/notifications.test.ts renders its messages';
const CLUSTER = 'needs a cluster; test/e2e/components/chart renders what would be sent to it';
const RELEASE = 'needs a published release; test/publish checks the workflow that makes it';
const ROOT = 'changes the machine as root; .ci/systemd does the same on a machine of its own';

/** These blocks are not run, but `bash -n` parses them and the flags of our own commands are checked. */
export const BLOCKS_NOT_RUN: readonly NotRun[] = [
  { path: 'CONTRIBUTING.md', begins: 'npm ci && npm test', reason: TESTS },
  { path: 'README.md', begins: 'npm ci && npm test', reason: TESTS },
  {
    path: 'README.md',
    begins: 'npm ci && npm run build\nexport SAG_ACCESS_KEY_ID',
    reason: 'needs a key of a real account; another test checks the configuration above it',
  },
  {
    path: 'README.md',
    begins: 'node dist/main.js --config.file=config.yml --storage.path',
    reason: 'needs a key of a real account',
  },
  {
    path: 'docs/alerting.md',
    begins: 'sudo apt-get install',
    reason: 'installs packages on the machine; .ci/run installs the same',
  },
  {
    path: 'docs/audit.md',
    begins: 'systemctl stop sag-app-exporter\nsed',
    reason: ROOT,
  },
  {
    path: 'docs/audit.md',
    begins: 'systemctl stop sag-app-exporter\nrm',
    reason: ROOT,
  },
  {
    path: 'docs/configuration.md',
    begins: 'NODE_EXTRA_CA_CERTS=',
    reason: 'needs a certificate authority of a company; test/e2e/proxy.test.ts has one',
  },
  { path: 'docs/install.md', begins: 'npm install --global sag-app-exporter', reason: RELEASE },
  {
    path: 'docs/install.md',
    begins: 'npm ci && npm pack\nnpm install --global ./',
    reason: 'needs a package registry; .ci/package installs the same file and runs it',
  },
  {
    path: 'docs/install.md',
    begins: 'npm config set registry',
    reason: 'changes which registry npm uses, to one that may be out of reach',
  },
  {
    path: 'docs/install.md',
    begins: 'IMAGE=sag-app-exporter\ndocker build',
    reason: DOCKER,
  },
  {
    path: 'docs/install.md',
    begins: 'docker build --tag sag-app-exporter \\\n  --build-arg NODE_IMAGE',
    reason: DOCKER,
  },
  { path: 'docs/install.md', begins: 'IMAGE=ghcr.io', reason: RELEASE },
  { path: 'docs/install.md', begins: 'docker run --rm', reason: DOCKER },
  { path: 'docs/install.md', begins: 'docker run --detach', reason: DOCKER },
  { path: 'docs/install.md', begins: 'docker compose up', reason: DOCKER },
  { path: 'docs/install.md', begins: 'npm install --global --prefix', reason: RELEASE },
  {
    path: 'docs/install.md',
    begins: 'npm ci && npm pack\nnpm install --global --prefix',
    reason: ROOT,
  },
  {
    path: 'docs/install.md',
    begins:
      'package=/usr/local/lib/node_modules/sag-app-exporter\ninstall -d /etc/sag-app-exporter',
    reason: ROOT,
  },
  {
    path: 'docs/install.md',
    begins:
      'package=/usr/local/lib/node_modules/sag-app-exporter\ninstall -d /etc/systemd/system/sag',
    reason: ROOT,
  },
  { path: 'docs/install.md', begins: 'CREDENTIALS_DIRECTORY=', reason: ROOT },
  {
    path: 'docs/alerting.md',
    begins: 'jb init',
    reason: 'downloads the mixin from GitHub; the other blocks use the one in the clone',
  },
  { path: 'docs/kubernetes.md', begins: 'VERSION=', reason: DOCKER },
  { path: 'docs/kubernetes.md', begins: 'helm upgrade --install', reason: CLUSTER },
  { path: 'docs/kubernetes.md', begins: 'kubectl create namespace', reason: CLUSTER },
  { path: 'docs/kubernetes.md', begins: 'helm test', reason: CLUSTER },
  { path: 'docs/kubernetes.md', begins: 'kubectl logs', reason: CLUSTER },
  { path: 'docs/kubernetes.md', begins: 'cat > credentials', reason: CLUSTER },
  { path: 'docs/kubernetes.md', begins: 'kubectl delete statefulset', reason: CLUSTER },
  { path: 'docs/kubernetes.md', begins: 'kubectl delete pvc', reason: CLUSTER },
  { path: 'docs/kubernetes.md', begins: 'kubectl exec', reason: CLUSTER },
  { path: 'docs/kubernetes.md', begins: 'helm upgrade sag', reason: CLUSTER },
  {
    path: 'docs/notifications.md',
    begins: 'docker run --rm -p 127.0.0.1:8090',
    reason: ADAPTER,
  },
  {
    path: 'docs/notifications.md',
    begins: 'docker run --rm -p 127.0.0.1:8060',
    reason: ADAPTER,
  },
  {
    path: 'docs/releasing.md',
    begins: 'npm run owner',
    reason: 'writes into the clone; test/publish/owner.test.ts checks what it writes',
  },
  { path: 'docs/releasing.md', begins: 'npm login', reason: RELEASE },
  { path: 'docs/releasing.md', begins: 'git switch main', reason: RELEASE },
  { path: 'docs/releasing.md', begins: 'npm audit signatures', reason: RELEASE },
  { path: 'docs/releasing.md', begins: 'cosign verify', reason: RELEASE },
  { path: 'docs/releasing.md', begins: 'docker buildx imagetools', reason: RELEASE },
  { path: 'docs/releasing.md', begins: 'helm show chart', reason: RELEASE },
  {
    path: 'docs/runbooks/users-near-limit.md',
    begins: 'sag-app-exporter users',
    reason:
      'needs the state of an exporter that has watched an instance for 90 days; test/cli/users/unused.test.ts has one',
  },
  {
    path: 'docs/simulator.md',
    begins: 'npm pack',
    reason: 'needs a package registry; .ci/package installs the same file and runs it',
  },
  {
    path: 'config/kubernetes/sag-app-exporter/README.md',
    begins: 'helm install',
    reason: CLUSTER,
  },
];

/** Whether a test runs a shell block. A block of a Chinese page is treated like the block of its English page. */
export function isRun({ path, text }: PageBlock): boolean {
  const page = englishPathOf(path) ?? path;
  return !BLOCKS_NOT_RUN.some((row) => row.path === page && text.startsWith(row.begins));
}
