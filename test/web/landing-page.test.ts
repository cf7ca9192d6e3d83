import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { InstanceRow, PageFacts } from '../../src/web/landing-page.ts';
import { serveApp } from './serve-app.ts';

const HOSTILE = '<img src=x onerror=alert(1)>';
const ESCAPED = '&lt;img src=x onerror=alert(1)&gt;';

const ROW: InstanceRow = {
  account: 'prod',
  regionId: 'cn-shanghai',
  instanceId: 'sag-a',
  name: 'Head office',
  up: true,
  users: 480,
  usersLimit: 500,
  onlineUsers: 120,
  onlineClients: 130,
  age: 12.4,
  problem: undefined,
};

async function page(facts: Partial<PageFacts>): Promise<{ text: string; headers: Headers }> {
  const url = await serveApp({
    page: () => ({
      version: '1.2.3',
      telemetryPath: '/metrics',
      problems: [],
      instances: [ROW],
      ...facts,
    }),
  });
  const response = await fetch(url);
  expect(response.status).toBe(200);
  return { text: await response.text(), headers: response.headers };
}

/** The cells of the table's body, row by row. */
function cells(text: string): readonly (readonly string[])[] {
  const body = /<tbody>(.*)<\/tbody>/s.exec(text)?.[1] ?? '';
  return [...body.matchAll(/<tr>(.*?)<\/tr>/gs)].map(([, row = '']) =>
    [...row.matchAll(/<td[^>]*>(.*?)<\/td>/gs)].map(([, cell = '']) => cell),
  );
}

describe('the landing page', () => {
  it('leads to the metrics and the probes, and says its version', async () => {
    const { text, headers } = await page({ telemetryPath: '/sag/metrics' });
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect([...text.matchAll(/<a href="(.*?)">/g)].map(([, link]) => link)).toEqual([
      '/sag/metrics',
      '/-/ready',
      '/-/healthy',
    ]);
    expect(text).toContain('Version 1.2.3');
  });

  it('shows each instance in a row', async () => {
    const { text } = await page({});
    expect(cells(text)).toEqual([
      ['sag-a', 'Head office', 'prod', 'cn-shanghai', 'up', '480', '500', '120', '130', '12 s ago'],
    ]);
  });

  it('shows what is unknown as unknown, nought as nought, and why an instance is not up', async () => {
    const unknown = {
      users: undefined,
      usersLimit: undefined,
      onlineUsers: undefined,
      age: undefined,
    };
    const row = {
      ...ROW,
      ...unknown,
      onlineClients: 0,
      up: false,
      problem: 'DescribeX: Forbidden',
    };
    const [first] = cells((await page({ instances: [row] })).text);
    expect(first?.slice(4)).toEqual(['not up: DescribeX: Forbidden', '–', '–', '–', '0', '–']);
  });

  it('says when no instance is known', async () => {
    expect((await page({ instances: [] })).text).toContain('No instance is known yet.');
  });

  it('escapes every text, whoever wrote it', async () => {
    const row: InstanceRow = {
      ...ROW,
      account: HOSTILE,
      regionId: HOSTILE,
      instanceId: HOSTILE,
      name: `"${HOSTILE}'&`,
      up: false,
      problem: HOSTILE,
    };
    const { text } = await page({ instances: [row], problems: [HOSTILE], version: HOSTILE });
    expect(text).not.toContain('<img');
    expect(text.split(ESCAPED)).toHaveLength(8);
    expect(text).toContain(`&quot;${ESCAPED}&#39;&amp;`);
  });

  it('is well-formed UTF-8 although a name is not', async () => {
    const { text } = await page({ instances: [{ ...ROW, name: 'half \ud83d 中文' }] });
    expect(cells(text)[0]?.[1]).toBe('half \ufffd 中文');
  });

  it('allows the browser nothing but its own style', async () => {
    const { text, headers } = await page({});
    const style = /<style>(.*?)<\/style>/s.exec(text)?.[1] ?? '';
    const hash = createHash('sha256').update(style).digest('base64');
    expect(headers.get('content-security-policy')).toBe(
      `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    );
    expect(text).not.toMatch(/<script|style="|onload|javascript:/);
  });
});
