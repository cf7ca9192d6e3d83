import { describe, expect, it } from 'vitest';
import { notifyServiceManager } from '../../../src/cli/serve/service-manager.ts';
import { SECOND } from '../../../src/clock.ts';
import { createLog, silentLog } from '../../../src/log.ts';
import { ManualClock } from '../../support/manual-clock.ts';

function start(env: Readonly<Record<string, string>>) {
  const clock = new ManualClock();
  const notifications: (readonly string[])[] = [];
  const stop = notifyServiceManager('Listening on :1', {
    env,
    clock,
    log: silentLog(),
    notify: async (assignments) => void notifications.push(assignments),
  });
  return { clock, notifications, stop };
}

const READY = ['READY=1', 'STATUS=Listening on :1'];
const ALIVE = ['WATCHDOG=1'];

describe('a service manager', () => {
  it('is not notified when there is none', async () => {
    const { notifications, stop } = start({ WATCHDOG_USEC: '1000000' });
    await stop();
    expect(notifications).toEqual([]);
  });

  it('is notified once that the service is ready', async () => {
    const { clock, notifications, stop } = start({ NOTIFY_SOCKET: '/run/notify' });
    await clock.advance(60 * SECOND);
    expect(notifications).toEqual([READY]);
    await stop();
  });

  it('gets two signs of life in each watchdog interval', async () => {
    const { clock, notifications, stop } = start({
      NOTIFY_SOCKET: '/run/notify',
      WATCHDOG_USEC: '60000000',
    });
    await clock.advance(29 * SECOND);
    expect(notifications).toEqual([READY]);
    await clock.advance(SECOND);
    expect(notifications).toEqual([READY, ALIVE]);
    await clock.advance(60 * SECOND);
    expect(notifications).toEqual([READY, ALIVE, ALIVE, ALIVE]);
    await stop();
    await clock.advance(60 * SECOND);
    expect(notifications).toHaveLength(4);
  });

  it('that cannot be notified causes only a warning', async () => {
    let logged = '';
    const stop = notifyServiceManager('up', {
      env: { NOTIFY_SOCKET: '/run/notify' },
      clock: new ManualClock(),
      log: createLog({
        level: 'info',
        format: 'json',
        destination: {
          write: (line) => {
            logged += line;
          },
        },
      }),
      notify: () => Promise.reject(new Error('spawn systemd-notify ENOENT')),
    });
    await stop();
    expect(JSON.parse(logged)).toMatchObject({
      level: 'warn',
      reason: 'spawn systemd-notify ENOENT',
      msg: 'the service manager could not be notified',
    });
  });
});
