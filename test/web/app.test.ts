import { describe, expect, it } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import type { NotReady } from '../../src/fleet/not-ready.ts';
import { createLog, silentLog } from '../../src/log.ts';
import { ask } from '../support/ask.ts';
import { scrapeOf, serveApp } from './serve-app.ts';

describe('the metrics', () => {
  it('are served in text format 0.0.4, with the pieces in order', async () => {
    const response = await fetch(`${await serveApp()}/metrics`);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(await response.text()).toBe('a 1\nb 2\n');
  });

  it('are served as UTF-8', async () => {
    const url = await serveApp({ scrape: scrapeOf('a{x="中文 😀"} 1\n') });
    expect(await (await fetch(`${url}/metrics`)).text()).toBe('a{x="中文 😀"} 1\n');
  });

  it('are not sent to HEAD, which gets the headers only', async () => {
    const response = await fetch(`${await serveApp()}/metrics`, { method: 'HEAD' });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toContain('version=0.0.4');
    expect(await response.text()).toBe('');
  });

  it('are rendered for each scrape, with any parameters in the URL', async () => {
    let scrapes = 0;
    const url = await serveApp({ scrape: (...args) => scrapeOf(`a ${++scrapes}\n`)(...args) });
    await fetch(`${url}/metrics`);
    expect(await (await fetch(`${url}/metrics?name[]=x`)).text()).toBe('a 2\n');
  });

  it('report how long the answer took', async () => {
    let now = 5000;
    const took = new Promise<number>((resolve) => {
      void serveApp({
        clock: { ...systemClock, monotonic: () => now },
        onScrape: resolve,
        scrape: (...args) => {
          now += 250;
          return scrapeOf('a 1\n')(...args);
        },
      }).then((url) => fetch(`${url}/metrics`));
    });
    expect(await took).toBe(0.25);
  });

  it('that cannot be rendered are answered with 500; only the log has the reason', async () => {
    const lines: string[] = [];
    const log = createLog({
      level: 'info',
      format: 'json',
      destination: { write: (line) => void lines.push(line) },
    });
    const scrape = async function* (): AsyncGenerator<Uint8Array[]> {
      yield await Promise.reject(new Error('a defect'));
    };
    const response = await fetch(`${await serveApp({ scrape, log })}/metrics`);
    expect(response.status).toBe(500);
    expect(await response.text()).toBe('Internal error\n');
    expect(lines.join()).toContain('a defect');
  });

  it('that end in the middle cannot be mistaken for complete ones', async () => {
    const scrape = async function* (): AsyncGenerator<Uint8Array[]> {
      // A smaller part would wait for the next one, and nothing at all would be sent.
      yield [Buffer.alloc(64 * 1024, 'a 1\n')];
      throw new Error('a defect');
    };
    const log = { ...silentLog(), error: () => {} };
    const response = await fetch(`${await serveApp({ scrape, log })}/metrics`);
    await expect(response.text()).rejects.toThrow();
  });

  it('can be served on another path', async () => {
    const url = await serveApp({ telemetryPath: '/sag/metrics' });
    expect(await (await fetch(`${url}/sag/metrics`)).text()).toBe('a 1\nb 2\n');
    expect((await fetch(`${url}/metrics`)).status).toBe(404);
  });

  it('replace the status page when they are served on /', async () => {
    const url = await serveApp({ telemetryPath: '/' });
    expect(await (await fetch(url)).text()).toBe('a 1\nb 2\n');
  });
});

describe('/-/healthy', () => {
  it('is OK before the exporter is ready', async () => {
    const response = await fetch(
      `${await serveApp({ reasonsNotReady: () => [{ kind: 'starting' }] })}/-/healthy`,
    );
    expect(response.status).toBe(200);
    expect(await response.text()).toBe('OK\n');
  });
});

describe('/-/ready', () => {
  it('is 503 with the reasons until there are none, then 200', async () => {
    let reasons: NotReady[] = [
      { kind: 'discovery', account: 'prod', regionId: 'cn-shanghai' },
      { kind: 'credentials', account: 'prod', message: '<b>no credentials</b>' },
    ];
    const url = await serveApp({ reasonsNotReady: () => reasons });
    const before = await fetch(`${url}/-/ready`);
    expect(before.status).toBe(503);
    expect(before.headers.get('content-type')).toContain('text/plain');
    expect(before.headers.get('x-content-type-options')).toBe('nosniff');
    expect(await before.text()).toBe(
      'Not ready:\naccount prod: discovery in cn-shanghai has not ended yet\naccount prod: <b>no credentials</b>\n',
    );
    reasons = [];
    const after = await fetch(`${url}/-/ready`);
    expect(after.status).toBe(200);
    expect(await after.text()).toBe('Ready\n');
  });
});

describe('a request for something else', () => {
  it.each(['/nothing', '/metrics/', '/METRICS', '/metrics/..%2f', '/%00'])(
    'is not found: %s',
    async (path) => {
      const response = await fetch(`${await serveApp()}${path}`);
      expect(response.status).toBe(404);
      expect(await response.text()).toBe('Not found\n');
    },
  );

  it('is refused when its path cannot be decoded', async () => {
    const response = await fetch(`${await serveApp()}/%ff`);
    expect([400, 404]).toContain(response.status);
  });

  it.each(['POST', 'PUT', 'DELETE', 'PATCH'])('by %s is not allowed', async (method) => {
    let rendered = 0;
    const url = await serveApp({
      scrape: (...args) => {
        rendered++;
        return scrapeOf('a 1\n')(...args);
      },
    });
    for (const path of ['/metrics', '/-/healthy', '/-/ready', '/']) {
      const response = await fetch(`${url}${path}`, { method });
      expect(response.status).toBe(405);
      expect(response.headers.get('allow')).toBe('GET, HEAD');
    }
    expect(rendered).toBe(0);
  });

  it('by OPTIONS gets the allowed methods, on every endpoint', async () => {
    const url = await serveApp({ reload: async () => [] });
    for (const path of [
      '/metrics',
      '/-/healthy',
      '/-/ready',
      '/',
      '/instances/a/b/c',
      '/api/v1/status',
      '/api/v1/instances/a/b/c',
      '/status.css',
      '/status.js',
      '/icon.svg',
    ]) {
      const answer = await fetch(`${url}${path}`, { method: 'OPTIONS' });
      expect([path, answer.status, answer.headers.get('allow'), await answer.text()]).toEqual([
        path,
        204,
        'GET, HEAD',
        '',
      ]);
    }
    const reload = await fetch(`${url}/-/reload`, { method: 'OPTIONS' });
    expect([reload.status, reload.headers.get('allow')]).toEqual([204, 'POST, PUT']);
    // `*` stands for the whole server.
    const server = await ask(url, { method: 'OPTIONS', path: '*' });
    expect([server.status, server.headers.allow]).toEqual([204, 'GET, HEAD']);
    expect((await fetch(`${url}/nothing`, { method: 'OPTIONS' })).status).toBe(404);
  });

  it('gets no header that names the software', async () => {
    const response = await fetch(`${await serveApp()}/nothing`);
    expect(response.headers.has('x-powered-by')).toBe(false);
    expect(response.headers.has('server')).toBe(false);
  });
});

describe('/-/reload', () => {
  let reloads = 0;
  const serve = () =>
    serveApp({
      reload: async () => {
        reloads++;
        return [];
      },
    });

  it.each([
    { 'Sec-Fetch-Site': 'cross-site' },
    { 'Sec-Fetch-Site': 'same-site' },
    { Origin: 'https://elsewhere.example' },
    { Origin: 'null' },
    { Origin: 'nonsense' },
    { Origin: 'http://127.0.0.1:1', 'Sec-Fetch-Site': 'same-origin' },
  ])('refuses requests from a page of another site: %j', async (headers) => {
    const url = await serve();
    const before = reloads;
    for (const method of ['POST', 'PUT']) {
      const answer = await ask(`${url}/-/reload`, { method, headers });
      expect(answer.status).toBe(403);
      expect(answer.headers.connection).toBe('close');
      expect(answer.body).toBe(
        'Refused: a page of another site sent this request (by its Origin or Sec-Fetch-Site header)\n',
      );
    }
    expect(reloads).toBe(before);
  });

  it('accepts requests from programs and from its own pages', async () => {
    const url = await serve();
    const before = reloads;
    for (const headers of [
      {},
      { 'Sec-Fetch-Site': 'none' },
      { 'Sec-Fetch-Site': 'same-origin', Origin: url },
      { Origin: 'http://exporter.example', Host: 'exporter.example:80' },
    ]) {
      const answer = await ask(`${url}/-/reload`, { method: 'POST', headers });
      expect([answer.status, answer.body]).toEqual([200, 'Reloaded\n']);
    }
    expect(reloads).toBe(before + 4);
  });
});
