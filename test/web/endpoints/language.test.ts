import { beforeEach, describe, expect, it } from 'vitest';
import { FleetBench, user } from '../../support/fleet-bench.ts';
import { statusSources } from '../../support/status-sources.ts';
import { serveApp } from '../serve-app.ts';

const INSTANCE = '/instances/prod/cn-shanghai/sag-a';

const serve = (): Promise<string> => {
  const bench = new FleetBench();
  const record = bench.instance('sag-a', { limit: 300 });
  bench.users(
    record,
    Array.from({ length: 250 }, (_, index) => user(`user${index}`)),
  );
  return serveApp({ status: statusSources({ fleet: bench.fleet, clock: bench.clock }) });
};

const get = (url: string, language?: string): Promise<Response> =>
  fetch(url, { headers: language === undefined ? {} : { 'accept-language': language } });

const languageOf = async (response: Response): Promise<string> =>
  /<html lang="(.*?)">/.exec(await response.text())?.[1] ?? '';

describe('the language of a page', () => {
  it.each([
    ['*', '', 'en'],
    ['', '', 'en'],
    ['en', '', 'en'],
    ['en-GB,en;q=0.9', '', 'en'],
    ['zh-CN,zh;q=0.9,en;q=0.8', '', 'zh-CN'],
    ['zh-CN', '', 'zh-CN'],
    ['zh', '', 'zh-CN'],
    ['zh-Hans-CN', '', 'zh-CN'],
    ['zh-TW', '', 'zh-CN'],
    ['en;q=0.5, zh;q=0.7', '', 'zh-CN'],
    ['zh;q=0.5, en;q=0.7', '', 'en'],
    ['zh;q=0', '', 'en'],
    ['fr, de;q=0.5', '', 'en'],
    ['fr, zh-CN;q=0.5', '', 'zh-CN'],
    [';;q=x,\u00ff', '', 'en'],
    ['en', '?lang=zh-CN', 'zh-CN'],
    ['en', '?lang=zh', 'zh-CN'],
    ['en', '?lang=ZH-cn', 'zh-CN'],
    ['zh-CN', '?lang=en', 'en'],
    // An unknown language counts as absent.
    ['zh-CN', '?lang=fr', 'zh-CN'],
    ['en', '?lang=constructor', 'en'],
    ['en', '?lang=', 'en'],
  ])('for a browser of %j and the URL %j is %s', async (accepted, query, language) => {
    const url = await serve();
    for (const path of ['/', INSTANCE, '/instances/a/b/c']) {
      const response = await get(`${url}${path}${query}`, accepted);
      expect(response.headers.get('content-language')).toBe(language);
      expect(response.headers.get('vary')).toBe('Accept-Language');
      expect(await languageOf(response)).toBe(language);
    }
  });

  it('does not change the JSON and the CSV, which programs read', async () => {
    const url = await serve();
    for (const path of ['/api/v1/status', `/api/v1${INSTANCE}`, `/api/v1${INSTANCE}/users.csv`]) {
      const texts = await Promise.all(
        ['en', 'zh-CN'].map(async (language) =>
          (await get(`${url}${path}?lang=${language}`, language)).text(),
        ),
      );
      expect(texts[1]).toBe(texts[0]);
    }
  });
});

describe('the links of a page', () => {
  let url: string;

  /** The links that lead to pages, without those to the other languages. */
  const links = async (path: string): Promise<readonly string[]> => {
    const page = (await (await get(url + path, 'en')).text()).replace(
      /<nav id="languages".*?<\/nav>/s,
      '',
    );
    return [...page.matchAll(/<a [^>]*href="(.*?)"/g)]
      .map(([, link = '']) => link.replaceAll('&amp;', '&'))
      .filter((link) => !/^#|\/metrics$|\/-\/|\/api\//.test(link));
  };

  beforeEach(async () => {
    url = await serve();
  });

  it.each(['/', INSTANCE, '/instances/a/b/c'])(
    'of %s keep the language of the URL',
    async (path) => {
      const plain = await links(path);
      const chinese = await links(`${path}?lang=zh`);
      expect(chinese.length).toBe(plain.length);
      expect(chinese.length).toBeGreaterThan(1);
      for (const link of plain) expect(link).not.toContain('lang=');
      for (const link of chinese) expect(link).toMatch(/[?&]lang=zh-CN$/);
    },
  );

  it('to the other language keep the query', async () => {
    const page = await (await get(`${url}${INSTANCE}?q=user1&page=2&lang=en`)).text();
    expect(page).toContain('href="?q=user1&amp;page=2&amp;lang=zh-CN" lang="zh-CN"');
    expect(page).toContain(
      'href="?q=user1&amp;page=2&amp;lang=en" lang="en" hreflang="en" aria-current="true"',
    );
    // The form keeps it too; the CSV has no language.
    expect(page).toContain('<input type="hidden" name="lang" value="en">');
    expect(page).toMatch(/id="csv" href="[^"]*users\.csv\?q=user1"/);
  });
});
