import type { InheritedSocket } from '../../web/server/inherited-socket.ts';
import type { Host } from '../process/host.ts';

/** systemd hands over the first socket under this file descriptor (SD_LISTEN_FDS_START in sd-daemon.h). */
export const FIRST_INHERITED_FD = 3;

/**
 * Lists the sockets that systemd hands over to this process, as sd_listen_fds(3) describes it.
 *
 * @throws Error when there are none; its message says what to do
 */
export function inheritedSockets({
  activation,
  pid,
}: Pick<Host, 'activation' | 'pid'>): readonly InheritedSocket[] {
  const { LISTEN_PID, LISTEN_FDS, LISTEN_FDNAMES = '' } = activation;
  if (!LISTEN_PID || !LISTEN_FDS) {
    throw new Error(
      'systemd handed over no sockets (LISTEN_PID and LISTEN_FDS are not both set): start and enable the .socket unit of the service, or remove --web.systemd-socket',
    );
  }
  if (LISTEN_PID !== String(pid)) {
    throw new Error(
      `the sockets from systemd are for process ${LISTEN_PID} (LISTEN_PID), but this is process ${pid}: a script must start the exporter with exec, so that it keeps the number of the process`,
    );
  }
  if (!/^[1-9]\d{0,4}$/.test(LISTEN_FDS)) {
    throw new Error(
      `expected the number of sockets in LISTEN_FDS, from 1 up; got ${JSON.stringify(LISTEN_FDS)}`,
    );
  }
  const names = LISTEN_FDNAMES.split(':');
  return Array.from({ length: Number(LISTEN_FDS) }, (_, index) => ({
    fd: FIRST_INHERITED_FD + index,
    name: names[index] || 'unnamed',
  }));
}
