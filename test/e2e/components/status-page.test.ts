import { readFileSync } from 'node:fs';
import axe from 'axe-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../../src/clock.ts';
import { createWorld, type World } from '../../../src/simulator/index.ts';
import { startBrowser } from '../../support/start-browser.ts';
import { type StartedExporter, startExporter } from '../../support/start-exporter.ts';
import { type StartedSimulator, startSimulator } from '../../support/start-simulator.ts';

const PATIENCE = { timeout: 60_000, interval: 200 };
const INSTANCE = 'sag-office';
const HOSTILE = '<img src=x onerror=alert(1)>';
const LONG = 'x'.repeat(200);

let world: World;
let api: StartedSimulator;
let exporter: StartedExporter;
let browser: Browser;
let instanceUrl: string;

/** Starts an exporter of a world with hostile names. It polls so often that a change shows within a second. */
beforeAll(async () => {
  const connected = { sessions: [{ clientIp: '10.9.0.1', onlineTime: 1_700_000_000 }] };
  const users = [
    { name: HOSTILE, ...connected },
    { name: LONG, ...connected },
    { name: '\u202egnp.exe' },
    { name: 'zoe', state: 1 as const },
    ...Array.from({ length: 120 }, (_, index) => ({
      name: `user${String(index).padStart(3, '0')}`,
    })),
  ];
  world = createWorld({
    seed: 1,
    clock: systemClock,
    instances: [
      { id: INSTANCE, regionId: 'cn-shanghai', name: HOSTILE, users, usersLimit: 130 },
      { id: 'sag-long', regionId: 'cn-shanghai', name: LONG, users: 3, usersLimit: 100 },
      { id: 'sag-broken', regionId: 'cn-shanghai', name: 'broken', users: 3, usersLimit: 3 },
    ],
  });
  api = await startSimulator({ clock: systemClock, world });
  api.simulator.faults.add({
    match: { instanceId: 'sag-broken' },
    effect: { error: { code: 'Forbidden.RAM', message: `${HOSTILE} is not permitted` } },
  });
  exporter = await startExporter({
    endpoint: api.url,
    polling: { usersInterval: 500, onlineInterval: 500, sessionsInterval: 500 },
  });
  browser = await startBrowser();
  instanceUrl = `${exporter.url}/instances/test/cn-shanghai/${INSTANCE}`;
  await vi.waitFor(async () => {
    const page = await (await fetch(`${instanceUrl}?show=online`)).text();
    expect(page).toContain('10.9.0.1');
  }, PATIENCE);
});

afterAll(async () => {
  await browser?.close();
  await exporter?.stop();
  await api?.stop();
});

const open: Page[] = [];
let complaints: string[] = [];

/** Opens a page in a new browser context, and collects every error and warning. */
async function visit(url: string, options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  open.push(page);
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('dialog', (dialog) => {
    complaints.push(`a dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(exporter.url)) complaints.push(`requests ${request.url()}`);
  });
  await page.goto(url);
  return page;
}

afterEach(async () => {
  for (const page of open.splice(0)) await page.context().close();
  const all = complaints;
  complaints = [];
  expect(all).toEqual([]);
});

/** Texts of the first cells of a table's rows. */
const names = (page: Page) => page.locator('tbody th').allTextContents();

async function violations(page: Page): Promise<readonly string[]> {
  // evaluate() uses the DevTools protocol, to which the Content-Security-Policy of the page does not apply.
  await page.evaluate(axe.source);
  return page.evaluate(async () => {
    const { axe: engine } = globalThis as unknown as {
      axe: {
        run(): Promise<{
          violations: readonly {
            id: string;
            nodes: readonly { html: string; failureSummary: string }[];
          }[];
        }>;
      };
    };
    const { violations: found } = await engine.run();
    return found.map(({ id, nodes }) => `${id}: ${nodes[0]?.html} ${nodes[0]?.failureSummary}`);
  });
}

/** The distance of a table's heading from the top of the region that scrolls it, in pixels. */
const headingOffset = (page: Page) =>
  page.evaluate(`(() => {
    const region = document.querySelector('#users ~ .scroll') ?? document.querySelector('.scroll');
    const heading = region.querySelector('thead th');
    return Math.round(heading.getBoundingClientRect().top - region.getBoundingClientRect().top);
  })()`) as Promise<number>;

/** The number of pixels by which the page can be scrolled sideways. */
const overflowOf = (page: Page) =>
  page.evaluate(
    'document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth',
  ) as Promise<number>;

describe.each([
  ['the first page', () => exporter.url],
  ['the page of an instance', () => instanceUrl],
  ['the list of unused users', () => `${instanceUrl}?unused_for=1s`],
  ['the list of users unused for longer than was watched', () => `${instanceUrl}?unused_for=90d`],
  ['the first page in Chinese', () => `${exporter.url}?lang=zh-CN`],
  ['the page of an instance in Chinese', () => `${instanceUrl}?lang=zh-CN`],
])('%s', (_, url) => {
  it.each(['light', 'dark'] as const)('is accessible, in %s', async (colorScheme) => {
    expect(await violations(await visit(url(), { colorScheme }))).toEqual([]);
  });

  it('is accessible on a narrow screen, and never scrolls sideways', async () => {
    const page = await visit(url(), { viewport: { width: 360, height: 740 } });
    expect(await violations(page)).toEqual([]);
    for (const width of [320, 360, 800, 1280]) {
      await page.setViewportSize({ width, height: 740 });
      expect([width, await overflowOf(page)]).toEqual([width, 0]);
    }
  });
});

describe('the page of an unknown instance', () => {
  it('is accessible', async () => {
    const page = await visit(`${exporter.url}/instances/a/b/c`);
    expect(await violations(page)).toEqual([]);
    expect(await page.getByRole('link', { name: 'To the fleet' }).isVisible()).toBe(true);
    // The browser reports the status 404.
    complaints = complaints.filter((text) => !text.includes('404 (Not Found)'));
  });
});

describe('hostile names', () => {
  it.each([true, false])('are shown as text, with JavaScript: %s', async (javaScriptEnabled) => {
    const page = await visit(instanceUrl, { javaScriptEnabled });
    expect(await page.locator('h1 bdi').textContent()).toBe(HOSTILE);
    expect((await names(page)).slice(0, 2)).toEqual([HOSTILE, LONG]);
    expect(await page.locator('img[src="x"]').count()).toBe(0);
    const first = await visit(exporter.url, { javaScriptEnabled });
    expect(await names(first)).toEqual(expect.arrayContaining([expect.stringContaining(HOSTILE)]));
    expect(await first.locator('img[src="x"]').count()).toBe(0);
  });

  it('stay text when the page refreshes itself and is searched for them', async () => {
    const page = await visit(`${instanceUrl}?sort=name`);
    await page.getByLabel('Search users').fill(HOSTILE);
    await vi.waitFor(async () => expect(await names(page)).toEqual([HOSTILE]), PATIENCE);
    expect(await page.locator('img[src="x"]').count()).toBe(0);
  });

  it('cannot reverse the text next to them', async () => {
    const page = await visit(`${instanceUrl}?q=exe`);
    expect(await page.locator('tbody th bdi').evaluateAll((all) => all.length)).toBe(1);
    expect(await page.locator('tbody td').first().textContent()).toBe('enabled');
  });
});

describe('without the script', () => {
  const visitPlainly = (url: string) => visit(url, { javaScriptEnabled: false });

  it('the page is complete, without the button that needs the script', async () => {
    const page = await visitPlainly(exporter.url);
    expect(await page.getByRole('row').count()).toBeGreaterThan(3);
    expect(await page.getByRole('button', { name: 'Pause refreshing' }).isVisible()).toBe(false);
  });

  it('the table is sorted, searched and paged by links and a form', async () => {
    const page = await visitPlainly(instanceUrl);
    await page.getByRole('link', { name: 'User', exact: false }).first().click();
    expect((await names(page))[0]).toBe(HOSTILE);
    await page.getByRole('link', { name: 'Last', exact: true }).click();
    expect((await names(page)).at(-1)).toBe('\u202egnp.exe');
    await page.getByLabel('Search users').fill('user01');
    await page.getByRole('button', { name: 'Search' }).click();
    expect(await names(page)).toHaveLength(10);
    // A search keeps the order.
    expect(new URL(page.url()).searchParams.get('sort')).toBe('name');
    await page.getByLabel('Search users').fill('');
    await page.getByLabel('Show').selectOption('Disabled');
    await page.getByRole('button', { name: 'Search' }).click();
    expect(await names(page)).toEqual(['zoe']);
  });
});

describe('unused users', () => {
  it.each([true, false])(
    'are filtered by a control, with JavaScript: %s',
    async (javaScriptEnabled) => {
      const page = await visit(`${instanceUrl}?unused_for=1s&sort=name`, { javaScriptEnabled });
      // Users who are online are not in the list.
      await vi.waitFor(async () => {
        await page.reload();
        expect((await names(page))[0]).toBe('user000');
      }, PATIENCE);
      expect(await page.getByText('cannot be deleted').isVisible()).toBe(true);
      const choose = async (label: string) => {
        await page.getByLabel('Unused for').selectOption(label);
        if (!javaScriptEnabled) await page.getByRole('button', { name: 'Search' }).click();
      };
      await choose('30 d');
      await page.getByText('The instance has been watched only since').waitFor();
      expect(await page.getByRole('region', { name: 'Table of users' }).count()).toBe(0);
      expect(new URL(page.url()).searchParams.get('unused_for')).toBe('30d');
      await choose('any time');
      await page.getByRole('region', { name: 'Table of users' }).waitFor();
      expect((await names(page))[0]).toBe(HOSTILE);
    },
  );

  it('are downloaded as they are listed', async () => {
    const page = await visit(`${instanceUrl}?show=disabled&unused_for=1s`);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Download as CSV' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe(`users-${INSTANCE}.csv`);
    const lines = readFileSync(await download.path(), 'utf8')
      .trim()
      .split('\r\n');
    expect(lines.map((line) => line.split(',')[0])).toEqual(['userName', 'zoe']);
  });

  it('the page of an invalid time says what is expected, and goes on refreshing', async () => {
    const page = await visit(`${instanceUrl}?unused_for=soon`);
    expect(await page.getByText('unused_for: expected a duration').isVisible()).toBe(true);
    const asOf = page.locator('#as-of');
    const before = await asOf.textContent();
    await vi.waitFor(async () => expect(await asOf.textContent()).not.toBe(before), PATIENCE);
    expect(await page.locator('#refresh-state').textContent()).toBe('');
    // The browser reports the status 400.
    complaints = complaints.filter((text) => !text.includes('400 (Bad Request)'));
  });
});

describe('the time zone', () => {
  const UTC_MINUTE = /^\d{4}-\d\d-\d\d \d\d:\d\d$/;
  /** The start of the sessions: 1,700,000,000 seconds after the epoch. */
  const start = (page: Page) => page.locator('tbody time').first().textContent();

  it('is UTC without the script, and the page says so', async () => {
    const page = await visit(instanceUrl, {
      javaScriptEnabled: false,
      timezoneId: 'Asia/Shanghai',
    });
    expect(await start(page)).toBe('2023-11-14 22:13');
    expect(await page.locator('.refresh').textContent()).toContain('Times are in UTC.');
    expect(await page.locator('#zone-toggle').isVisible()).toBe(false);
  });

  it.each([
    ['Asia/Shanghai', 'UTC+08:00', '2023-11-15 06:13'],
    ['Asia/Kolkata', 'UTC+05:30', '2023-11-15 03:43'],
    ['America/St_Johns', /^UTC-0[23]:30$/, '2023-11-14 18:43'],
  ])('is that of the browser: %s', async (timezoneId, offset, time) => {
    const page = await visit(instanceUrl, { timezoneId });
    expect(await start(page)).toBe(time);
    expect(await page.locator('#zone').textContent()).toMatch(offset);
    // A refresh keeps it.
    await page.evaluate("document.querySelector('main').dataset.old = ''");
    await vi.waitFor(
      async () => expect(await page.locator('main').getAttribute('data-old')).toBeNull(),
      PATIENCE,
    );
    expect(await start(page)).toBe(time);
  });

  it('can be switched to UTC, which the browser remembers', async () => {
    const page = await visit(instanceUrl, { timezoneId: 'Asia/Shanghai' });
    await page.getByRole('button', { name: 'Show times in UTC' }).click();
    expect(await start(page)).toBe('2023-11-14 22:13');
    expect(await page.locator('#zone').textContent()).toBe('UTC');
    await page.reload();
    expect(await start(page)).toBe('2023-11-14 22:13');
    await page.getByRole('button', { name: 'Show my local time' }).click();
    expect(await start(page)).toBe('2023-11-15 06:13');
    for (const time of await page.locator('time[data-form="minute"]').allTextContents()) {
      expect(time).toMatch(UTC_MINUTE);
    }
  });

  it('cannot be chosen where it is UTC', async () => {
    const page = await visit(instanceUrl, { timezoneId: 'UTC' });
    expect(await page.locator('#zone-toggle').isVisible()).toBe(false);
  });
});

describe('the language', () => {
  it('is that of the browser until the person chooses another, which links and searches keep', async () => {
    const page = await visit(exporter.url, { locale: 'zh-CN' });
    const title = page.locator('h1');
    expect(await title.textContent()).toBe('总览');
    await page.getByRole('link', { name: 'English' }).click();
    expect(await title.textContent()).toBe('Fleet');
    await page.locator(`tbody th a[href*="${INSTANCE}"]`).click();
    await page.waitForURL(/\/instances\//);
    const field = page.getByLabel('Search users');
    await field.fill('user0');
    await page.waitForURL(/q=user0/);
    expect(new URL(page.url()).searchParams.get('lang')).toBe('en');
    // The refreshed page links to the same search in the other language.
    const other = page.getByRole('link', { name: '简体中文' });
    await vi.waitFor(
      async () => expect(await other.getAttribute('href')).toContain('q=user0'),
      PATIENCE,
    );
    await other.click();
    await page.getByRole('button', { name: '暂停刷新' }).click();
    expect(await page.getByRole('button', { name: '继续刷新' }).isVisible()).toBe(true);
  });
});

describe('with the keyboard', () => {
  it('the first link skips to the content, and the table can be sorted', async () => {
    const page = await visit(instanceUrl);
    await page.keyboard.press('Tab');
    expect(await page.locator(':focus').textContent()).toBe('Skip to the content');
    expect(
      await page.locator(':focus').evaluate((link) => link.getBoundingClientRect().top),
    ).toBeGreaterThanOrEqual(0);
    await page.keyboard.press('Enter');
    await page.locator('#sort-name').focus();
    expect(await page.evaluate('getComputedStyle(document.activeElement).outlineStyle')).toBe(
      'solid',
    );
    await page.keyboard.press('Enter');
    await page.waitForURL(/sort=name/);
    expect(await page.locator('th[aria-sort="ascending"]').textContent()).toContain('User');
    expect((await names(page))[0]).toBe(HOSTILE);
  });
});

describe('with the script', () => {
  it('a new number is shown without a reload, and scroll position and focus stay', async () => {
    const page = await visit(instanceUrl);
    await page.evaluate('globalThis.isSamePage = true');
    await page.locator('#sort-bandwidth').focus();
    await page.evaluate('scrollTo(0, 300)');
    const users = page.locator('.tiles .figure').first();
    const before = Number(await users.textContent());
    world.addUser(INSTANCE, { name: `new${before}` });
    await vi.waitFor(
      async () => expect(await users.textContent()).toBe(String(before + 1)),
      PATIENCE,
    );
    expect(await page.evaluate('isSamePage')).toBe(true);
    expect(await page.evaluate('scrollY')).toBe(300);
    expect(await page.locator(':focus').getAttribute('id')).toBe('sort-bandwidth');
  });

  it('the search runs while the person types, and its text stays in the field', async () => {
    const page = await visit(instanceUrl);
    const field = page.getByLabel('Search users');
    await field.pressSequentially('user11', { delay: 20 });
    await vi.waitFor(async () => expect(await names(page)).toHaveLength(10), PATIENCE);
    expect(await page.getByRole('status').filter({ hasText: 'users' }).textContent()).toBe(
      `10 (of ${world.users(INSTANCE).length}) users`,
    );
    expect(await field.inputValue()).toBe('user11');
    expect(await page.locator(':focus').getAttribute('id')).toBe('q');
    expect(new URL(page.url()).searchParams.get('q')).toBe('user11');
  });

  it('the headings stay in sight while the list scrolls', async () => {
    const page = await visit(instanceUrl, { viewport: { width: 1280, height: 740 } });
    const before = await headingOffset(page);
    await page.evaluate("document.querySelector('#users ~ .scroll').scrollTo(0, 1000)");
    expect(await page.evaluate("document.querySelector('#users ~ .scroll').scrollTop")).toBe(1000);
    expect(await headingOffset(page)).toBe(before);
  });

  it('a refresh keeps what the person has entered in the form', async () => {
    const page = await visit(instanceUrl);
    const field = page.getByLabel('Search users');
    await page.getByRole('button', { name: 'Pause refreshing' }).click();
    // A refresh removes the attribute. Without an event, the form is not sent.
    await page.evaluate(`
      document.querySelector('main').dataset.old = '';
      document.getElementById('q').value = 'user11';
      document.getElementById('show').value = 'offline';
      document.getElementById('refresh-toggle').click();
    `);
    // The page's policy forbids the evaluation of texts, which page.waitForFunction needs.
    await vi.waitFor(
      async () => expect(await page.locator('main').getAttribute('data-old')).toBeNull(),
      PATIENCE,
    );
    expect(await field.inputValue()).toBe('user11');
    expect(await page.getByLabel('Show').inputValue()).toBe('offline');
  });

  it('no refresh is made while paused, and while the page is hidden', async () => {
    const page = await visit(exporter.url);
    let refreshes = 0;
    page.on('request', (request) => {
      if (request.resourceType() === 'fetch') refreshes++;
    });
    const hide = (hidden: boolean) =>
      page.evaluate(
        `Object.defineProperty(document, 'hidden', { value: ${hidden}, configurable: true });
         document.dispatchEvent(new Event('visibilitychange'));`,
      );
    // The clock of the page is advanced by hand, by more than two intervals.
    await page.clock.install();
    await page.reload();
    await hide(true);
    refreshes = 0;
    await page.clock.runFor(12_000);
    expect(refreshes).toBe(0);
    await hide(false);
    await vi.waitFor(() => expect(refreshes).toBe(1), PATIENCE);
    await page.getByRole('button', { name: 'Pause refreshing' }).click();
    await page.clock.runFor(12_000);
    expect(refreshes).toBe(1);
    await page.getByRole('button', { name: 'Resume refreshing' }).click();
    await vi.waitFor(() => expect(refreshes).toBe(2), PATIENCE);
  });

  it('a message says that the exporter does not answer, until it does', async () => {
    const page = await visit(exporter.url);
    await page.route('**/*', (route) => route.abort());
    const state = page.locator('#refresh-state');
    await vi.waitFor(
      async () => expect(await state.textContent()).toContain('Cannot refresh'),
      PATIENCE,
    );
    await page.unroute('**/*');
    await vi.waitFor(async () => expect(await state.textContent()).toBe(''), PATIENCE);
    // The browser reports the failed requests.
    complaints = complaints.filter((text) => !text.includes('ERR_FAILED'));
  });
});
