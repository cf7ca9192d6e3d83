import { spawnSync } from 'node:child_process';

/** Whether a test may mount file systems in a new namespace on this machine. */
export const canMount =
  spawnSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'none', '/mnt']).status === 0;
