import { gzipSync } from 'node:zlib';
import type { Express } from 'express';
import { onTestFinished } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { silentLog } from '../../src/log.ts';
import { createApp, type WebOptions } from '../../src/web/app.ts';
import { listen } from '../../src/web/server/listen.ts';
import { statusSources } from '../support/status-sources.ts';

/** A scrape of these texts, the same in every format. */
export function scrapeOf(...texts: readonly string[]): WebOptions['scrape'] {
  const pieces = texts.map((text) => Buffer.from(text));
  return async function* (_format, encoding) {
    // A new list for each scrape, since the endpoint empties it.
    yield encoding === 'gzip' ? [gzipSync(Buffer.concat(pieces))] : [...pieces];
  };
}

/** An app whose scrapes have two lines, by default. */
export function testApp(wishes: Partial<WebOptions> = {}): Express {
  return createApp({
    telemetryPath: '/metrics',
    scrape: scrapeOf('a 1\n', 'b 2\n'),
    maxRequests: 100,
    onScrape: () => {},
    reasonsNotReady: () => [],
    status: statusSources(),
    clock: systemClock,
    log: silentLog(),
    ...wishes,
  });
}

/** Serves an app on a free port of the loopback until the test ends; gives its base URL. */
export async function serveApp(wishes: Partial<WebOptions> = {}): Promise<string> {
  const app = testApp(wishes);
  const listener = await listen(app, { host: '127.0.0.1', port: 0 });
  onTestFinished(() => listener.stop());
  return `http://${listener.address}`;
}
