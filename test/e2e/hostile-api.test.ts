import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, expect, it, vi } from 'vitest';
import { ask } from '../support/ask.ts';
import { type Program, startCommand, urlOf } from '../support/start-program.ts';
import { temporaryFile } from '../support/temporary-files.ts';

const PATIENCE = { timeout: 100_000, interval: 200 };

/** The heap limit of the process in MiB. Node.js itself and buffers use memory outside the heap. */
const HEAP = 128;

/** In MiB. A reply of up to 64 MiB may be in memory twice: as bytes and as text. */
const MOST_MEMORY = 512;

let server: Server | undefined;
let program: Program | undefined;

afterEach(async () => {
  await program?.end('SIGKILL');
  server?.closeAllConnections();
  server?.close();
});

const page = (users: readonly string[], total?: number): string =>
  JSON.stringify({
    RequestId: 'r',
    ...(total !== undefined && { TotalCount: total }),
    Users: { User: users.map((name) => ({ UserName: name, UserMail: `${name}@example.com` })) },
  });

/** Answers to DescribeSmartAccessGatewayClientUsers by instance. */
const LISTS: Readonly<Record<string, (response: ServerResponse, pageNumber: number) => void>> = {
  'sag-good': (response) => response.end(page(['one', 'two'], 2)),
  'sag-endless': (response, pageNumber) =>
    response.end(page(Array.from({ length: 100 }, (_, each) => `user.${pageNumber}.${each}`))),
  'sag-same-page': (response) => response.end(page(['a', 'b'], 1_000_000_000)),
  'sag-objects': (response) => response.end(`{"Users":{"User":[${'{},'.repeat(1_000_000)}{}]}}`),
  'sag-deep': (response) => response.end('['.repeat(1_000_000)),
  'sag-long-name': (response) => response.end(page(['x'.repeat(4_000_000)], 1)),
  'sag-endless-reply': (response) => {
    const piece = Buffer.alloc(2 ** 20, ' ');
    const send = (): void => {
      if (response.destroyed) return;
      if (response.write(piece)) setImmediate(send);
      else response.once('drain', send);
    };
    send();
  },
  'sag-bomb': (response) => {
    response.writeHead(200, { 'content-encoding': 'gzip' });
    response.end(BOMB);
  },
};
const BOMB = gzipSync(Buffer.alloc(80 * 2 ** 20, ' '));
const HOSTILE = Object.keys(LISTS).filter((id) => !['sag-good', 'sag-same-page'].includes(id));

async function startApi(): Promise<string> {
  server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => {
      body += text;
    });
    request.on('end', () => {
      const form = new URLSearchParams(body);
      const answer = LISTS[form.get('SmartAGId') ?? ''];
      if (form.get('Action') === 'DescribeSmartAccessGatewayClientUsers' && answer) {
        return answer(response, Number(form.get('PageNumber')));
      }
      response.end(
        '{"RequestId":"r","Users":{"User":[]},"SmartAccessGateways":{"SmartAccessGateway":[]}}',
      );
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** The peak memory of a process in MiB. */
async function mostMemoryOf({ child }: Program): Promise<number> {
  const status = await readFile(`/proc/${child.pid}/status`, 'utf8');
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024;
}

it('endless and malformed replies are rejected within the memory limit, and instances with good replies are shown', {
  timeout: 120_000,
}, async () => {
  const file = await temporaryFile(
    'config.yml',
    `
accounts:
  - name: test
    endpoint: ${await startApi()}
    credentials: { access_key_id: testid, access_key_secret: testsecret }
    instances:
${Object.keys(LISTS)
  .map((id) => `      - { id: ${id}, region: cn-shanghai }`)
  .join('\n')}
polling: { strategy: fan-out, requests_per_second: 100000, adaptive: false, page_size: 100, timeout: 60s }
`,
  );
  const serve = startCommand(
    [`--config.file=${file}`, '--web.listen-address=127.0.0.1:0', '--log.format=json'],
    { NODE_OPTIONS: `--max-old-space-size=${HEAP}` },
  );
  program = serve;
  await vi.waitFor(() => urlOf(serve), PATIENCE);
  const metrics = await vi.waitFor(async () => {
    expect(serve.child.exitCode).toBeNull();
    const { body } = await ask(`${urlOf(serve)}/metrics`);
    for (const id of HOSTILE) {
      expect(body).toMatch(
        new RegExp(
          `^sag_app_stage_failures_total\\{.*"${id}",stage="users",reason="malformed"\\} `,
          'm',
        ),
      );
    }
    return body;
  }, PATIENCE);
  for (const id of ['sag-good', 'sag-same-page']) {
    expect(metrics).toMatch(new RegExp(`^sag_app_users\\{.*"${id}",state="enabled"\\} 2$`, 'm'));
  }
  expect((await ask(`${urlOf(serve)}/-/healthy`)).status).toBe(200);
  if (process.platform === 'linux') expect(await mostMemoryOf(serve)).toBeLessThan(MOST_MEMORY);
  expect(await serve.end()).toBe(0);
});
