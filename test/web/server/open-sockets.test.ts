import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { socketAddressText, socketOf } from '../../../src/web/server/open-sockets.ts';
import { temporaryFolder } from '../../support/temporary-files.ts';

/** As Linux 6.18 shows them in /proc/PID/net. */
const TABLES = {
  tcp: `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000:2849 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 10 1 000000000a7b7bcb 100 0 0 10 0
   1: 0100007F:A821 0100007F:9F02 01 00000000:00000000 00:00000000 00000000     0        0 11 1 00000000ec0c08f3 20 0 0 10 -1
   2: 0101A8C0:0050 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 12 1 000000000a7b7bcb 100 0 0 10 0
`,
  tcp6: `  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000000000000000000000000000:2849 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 20 1 0000000068b0ed37 100 0 0 10 0
   1: B80D0120000000000000000001000000:0050 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 21 1 0000000068b0ed37 100 0 0 10 0
`,
  unix: `Num       RefCount Protocol Flags    Type St Inode Path
000000007d099568: 00000003 00000000 00000000 0001 03    30
000000007d099569: 00000002 00000000 00010000 0001 01    31 /run/an exporter.sock
000000007d09956a: 00000002 00000000 00010000 0001 01 32 @abstract
000000007d09956b: 00000002 00000000 00000000 0002 01    33 /run/log
000000007d09956c: 00000002 00000000 00010000 0005 01    34 /run/packets
`,
  udp: `   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops
  424: 00000000:0044 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 40 2 0000000000000000 0
`,
};

/** The socket that the process of this folder has as file descriptor 3. */
async function found(link: string, tables: Readonly<Record<string, string>> = TABLES) {
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'fd'));
  await mkdir(join(folder, 'net'));
  await symlink(link, join(folder, 'fd/3'));
  for (const [name, text] of Object.entries(tables)) {
    await writeFile(join(folder, 'net', name), text);
  }
  return socketOf(3, folder);
}

describe('a socket in /proc', () => {
  it.each([
    [10, 'listening socket', '0.0.0.0:10313'],
    [11, 'connection', '127.0.0.1:43041'],
    [12, 'listening socket', '192.168.1.1:80'],
    [20, 'listening socket', '[::]:10313'],
    [21, 'listening socket', '[2001:db8::1]:80'],
    [30, 'connection', 'unix:'],
    [31, 'listening socket', 'unix:/run/an exporter.sock'],
    [32, 'listening socket', 'unix:@abstract'],
    [33, 'datagram socket', 'unix:/run/log'],
    [34, 'packet socket', 'unix:/run/packets'],
    [40, 'datagram socket', '0.0.0.0:68'],
  ])('has a kind and an address: inode %d', async (inode, kind, address) => {
    const socket = await found(`socket:[${inode}]`);
    expect(socket?.kind).toBe(kind);
    expect(socket && socketAddressText(socket.address)).toBe(address);
  });

  it.each(['/etc/hostname', 'pipe:[10]', 'socket:[1]', 'socket:[0]'])(
    'is not found for %s',
    async (link) => expect(await found(link)).toBeUndefined(),
  );

  it('is not found where the files cannot be read', async () => {
    expect(await found('socket:[10]', {})).toBeUndefined();
    expect(await socketOf(3, '/nothing')).toBeUndefined();
  });
});
