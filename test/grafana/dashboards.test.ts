import { describe, expect, it } from 'vitest';
import { dashboardFiles } from '../../grafana/source/index.ts';
import { LONG, NEAR_LIMIT, SOON } from '../../grafana/source/marks.ts';
import {
  dashboardsInFolder,
  filledIn,
  panelsOf,
  promqlOf,
  queryVariablesOf,
  rowsOf,
  targetsOf,
} from '../support/dashboards.ts';
import { deliveredThreshold } from '../support/rule-files.ts';

const FILES = dashboardsInFolder();
const CHINESE = dashboardsInFolder('zh-CN');

/** Titles and legends that are alike in both languages: names of products and of parts of them. */
const ALIKE = new Set(['API', 'Exporter', 'ID', 'SAG APP / Exporter']);

const TEXT_KEYS = new Set([
  'title',
  'description',
  'legendFormat',
  'noValue',
  'label',
  'text',
  'tooltip',
]);

/** The texts for people in a dashboard, and the rest of it without them and without the language in uids. */
function separated(dashboard: unknown): {
  readonly texts: readonly string[];
  readonly rest: unknown;
} {
  const texts: string[] = [];
  const walk = (part: unknown, key = '', parent = ''): unknown => {
    if (Array.isArray(part)) return part.map((each) => walk(each, key, parent));
    if (typeof part === 'object' && part !== null)
      return Object.entries(part).map(([name, child]) => [name, walk(child, name, key)]);
    if (typeof part !== 'string') return part;
    if (TEXT_KEYS.has(key) || parent === 'renameByName') {
      // Names of series that are only labels stay, and so does `All`, which is a word of Grafana.
      if (!/^(\{\{\w+\}\}(: )?)*$/.test(part) && part !== 'All') texts.push(part);
      return key === 'legendFormat' ? part.match(/\{\{\w+\}\}/g) : '';
    }
    // Overrides and the order of the rows name columns and series by their titles, and so do links.
    if (key === 'options' || key === 'field') return '';
    return part.replaceAll('-zh-CN', '').replace(/(?<=__data\.fields\.)[^}]+/g, '');
  };
  return { rest: walk(dashboard), texts };
}

describe('the Chinese dashboards', () => {
  it.each(FILES.map(({ file }, index) => [file, index] as const))(
    '%s differs from the English one only in texts and uids',
    (file, index) => {
      expect(CHINESE[index]?.file).toBe(file);
      const english = separated(FILES[index]?.dashboard);
      const chinese = separated(CHINESE[index]?.dashboard);
      expect(chinese.rest).toEqual(english.rest);
      expect(chinese.texts.length).toBe(english.texts.length);
    },
  );

  it('name the columns of the table that its links read', () => {
    for (const { text } of [...FILES, ...CHINESE])
      for (const [, column] of text.matchAll(/__data\.fields\.([^}]+)\}/g))
        expect(text).toMatch(new RegExp(`"(account|region_id|instance_id)": "${column}"`));
  });

  it.each(CHINESE)('$file has no untranslated text', ({ dashboard }) => {
    const { texts } = separated(dashboard);
    expect(texts.length).toBeGreaterThan(50);
    const untranslated = texts.filter((text) => !/\p{Script=Han}/u.test(text) && !ALIKE.has(text));
    expect(untranslated).toEqual([]);
    // Half-width punctuation beside Chinese characters, and missing spaces between Chinese and Latin words.
    const wrong = texts.filter((text) =>
      /\p{Script=Han}[,;:?!()]|[,;:?!()]\p{Script=Han}|\p{Script=Han}[A-Za-z0-9]|[A-Za-z0-9%]\p{Script=Han}/u.test(
        text,
      ),
    );
    expect(wrong).toEqual([]);
  });
});

describe.each([
  ['grafana/dashboards', FILES, ''],
  ['grafana/dashboards/zh-CN', CHINESE, 'zh-CN/'],
] as const)('%s', (_, files, folder) => {
  it('is what `npm run dashboards` writes from grafana/source', () => {
    const made = new Map(
      dashboardFiles()
        .filter(({ path }) => path.startsWith(folder) && !path.slice(folder.length).includes('/'))
        .map(({ path, text }) => [path.slice(folder.length), text]),
    );
    expect(files.map(({ file }) => file)).toEqual([...made.keys()].toSorted());
    for (const { file, text } of files)
      expect(text === made.get(file), `${file} is out of step: npm run dashboards`).toBe(true);
  });

  it('links every dashboard to all others of its language, and only to dashboards that exist', () => {
    const uids = files.map(({ dashboard }) => dashboard.uid);
    expect(new Set(uids).size).toBe(files.length);
    for (const { text, dashboard } of files) {
      const linked = (dashboard.links ?? []).map(
        ({ url }) => /^\/d\/([\w-]+)/.exec(url ?? '')?.[1],
      );
      expect([...linked, dashboard.uid].toSorted()).toEqual(uids.toSorted());
      for (const [, uid] of text.matchAll(/"\/d\/([\w-]+)/g)) expect(uids).toContain(uid);
    }
  });
});

describe('the dashboards', () => {
  it('of all languages have different uids', () => {
    const uids = [...FILES, ...CHINESE].map(({ dashboard }) => dashboard.uid);
    expect(new Set(uids).size).toBe(6);
  });

  it('changes colour at the thresholds of the delivered alerts', () => {
    const both = (name: string) => ({
      warning: deliveredThreshold(name, 'warning'),
      critical: deliveredThreshold(name, 'critical'),
    });
    expect(both('users_limit_used_ratio')).toEqual(NEAR_LIMIT);
    expect(both('subscription_left_seconds')).toEqual(SOON);
    expect(deliveredThreshold('session_age_seconds')).toBe(LONG.critical);
  });
});

describe.each(FILES.map(({ file, dashboard }) => [file, dashboard] as const))(
  '%s',
  (_, dashboard) => {
    const panels = panelsOf(dashboard);

    it('shows no negative time: a time that is over, or from a clock that is ahead, is 0', () => {
      const times = panels.flatMap((panel) => targetsOf(panel).map(({ expr }) => expr));
      for (const expr of times.filter((time) => time.includes('time()'))) {
        const clamped = expr.match(/clamp_min\(time\(\) - |- time\(\), 0\)/g) ?? [];
        expect(clamped.length, expr).toBe(expr.split('time()').length - 1);
      }
    });

    it('has a different id for each panel and row', () => {
      const ids = [...panels, ...rowsOf(dashboard)].map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
      expect(ids).not.toContain(undefined);
    });

    it('places its panels without overlaps within the 24 columns', () => {
      const taken = new Set<string>();
      for (const { title, gridPos = { x: 0, y: 0, w: 0, h: 0 } } of panels) {
        expect(gridPos.w, title).toBeGreaterThan(0);
        expect(gridPos.x + gridPos.w, title).toBeLessThanOrEqual(24);
        for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++)
          for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
            expect(taken, title).not.toContain(`${x},${y}`);
            taken.add(`${x},${y}`);
          }
      }
    });

    it.each(panels.map((panel) => [panel.title ?? '', panel] as const))(
      'explains “%s”, gives it a unit, thresholds and queries to the chosen data source',
      (title, panel) => {
        expect(title).toMatch(/^[A-Z]/);
        expect(panel.description).toMatch(/^[A-Z].{20,}\.$/s);
        expect(panel.fieldConfig?.defaults.unit).toMatch(/^\w+$/);
        expect(panel.fieldConfig?.defaults.thresholds?.steps.length).toBeGreaterThan(0);
        const targets = targetsOf(panel);
        expect(targets.length).toBeGreaterThan(0);
        expect(new Set(targets.map(({ refId }) => refId)).size).toBe(targets.length);
        for (const { datasource } of targets) expect(datasource.uid).toBe('${datasource}');
        expect(panel.datasource?.uid).toBe('${datasource}');
      },
    );

    it('uses only its own variables, and in each variable only those before it', () => {
      const choices: Record<string, string> = {};
      const variables = queryVariablesOf(dashboard);
      for (const variable of variables) {
        expect(() => filledIn(promqlOf(variable).expr, choices)).not.toThrow();
        choices[variable.name] = '.*';
      }
      for (const panel of panels)
        for (const { expr } of targetsOf(panel))
          expect(() => filledIn(expr, choices)).not.toThrow();
      expect(dashboard.templating.list?.[0]).toMatchObject({
        type: 'datasource',
        query: 'prometheus',
      });
    });
  },
);
