import { onTestFinished } from 'vitest';
import { silentLog } from '../../src/log.ts';
import { createApp, type WebOptions } from '../../src/web/app.ts';
import { listen } from '../../src/web/listen.ts';

/** Serves an app on a free port of the loopback until the test ends; gives its base URL. */
export async function serveApp(wishes: Partial<WebOptions> = {}): Promise<string> {
  const app = createApp({
    telemetryPath: '/metrics',
    metrics: async () => ['a 1\n', 'b 2\n'],
    onScrape: () => {},
    reasonsNotReady: () => [],
    page: () => ({ version: '1.2.3', telemetryPath: '/metrics', problems: [], instances: [] }),
    monotonic: () => 0,
    log: silentLog(),
    ...wishes,
  });
  const listener = await listen(app, { host: '127.0.0.1', port: 0 });
  onTestFinished(() => listener.stop());
  return `http://${listener.address}`;
}
