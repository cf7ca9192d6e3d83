import { describe, expect, it } from 'vitest';
import { inheritedSockets } from '../../../src/cli/serve/inherited-sockets.ts';

const listed = (activation: Readonly<Record<string, string>>) =>
  inheritedSockets({ activation, pid: 7 });

const OURS = { LISTEN_PID: '7' };

describe('the sockets that systemd hands over', () => {
  it('begin at file descriptor 3, and have names', () => {
    expect(listed({ ...OURS, LISTEN_FDS: '2', LISTEN_FDNAMES: 'a.socket:b' })).toEqual([
      { fd: 3, name: 'a.socket' },
      { fd: 4, name: 'b' },
    ]);
  });

  it('may have fewer names than sockets, or none', () => {
    expect(listed({ ...OURS, LISTEN_FDS: '3', LISTEN_FDNAMES: ':b' })).toEqual([
      { fd: 3, name: 'unnamed' },
      { fd: 4, name: 'b' },
      { fd: 5, name: 'unnamed' },
    ]);
    expect(listed({ ...OURS, LISTEN_FDS: '1' })).toEqual([{ fd: 3, name: 'unnamed' }]);
  });

  it.each([
    {},
    { LISTEN_FDS: '1' },
    { LISTEN_PID: '', LISTEN_FDS: '1' },
    { LISTEN_PID: '7' },
    { LISTEN_PID: '7', LISTEN_FDS: '' },
  ])('are none with %j', (activation) => {
    expect(() => listed(activation)).toThrow(
      'systemd handed over no sockets (LISTEN_PID and LISTEN_FDS are not both set): start and enable the .socket unit of the service, or remove --web.systemd-socket',
    );
  });

  it.each(['8', '07', '7 ', 'x'])('are for another process with LISTEN_PID=%s', (LISTEN_PID) => {
    expect(() => listed({ LISTEN_PID, LISTEN_FDS: '1' })).toThrow(
      `the sockets from systemd are for process ${LISTEN_PID} (LISTEN_PID), but this is process 7: a script must start the exporter with exec, so that it keeps the number of the process`,
    );
  });

  it.each(['0', '-1', 'x', '1.5', '1e3', '1000000'])('cannot be LISTEN_FDS=%s', (LISTEN_FDS) => {
    expect(() => listed({ ...OURS, LISTEN_FDS })).toThrow(
      `expected the number of sockets in LISTEN_FDS, from 1 up; got "${LISTEN_FDS}"`,
    );
  });
});
