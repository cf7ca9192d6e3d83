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

describe('grafana/dashboards', () => {
  it('is what `npm run dashboards` writes from grafana/source', () => {
    const made = new Map(dashboardFiles().map(({ name, text }) => [name, text]));
    expect(FILES.map(({ file }) => file)).toEqual([...made.keys()].toSorted());
    for (const { file, text } of FILES)
      expect(text === made.get(file), `${file} is out of step: npm run dashboards`).toBe(true);
  });

  it('links every dashboard to all others, and only to dashboards that exist', () => {
    const uids = FILES.map(({ dashboard }) => dashboard.uid);
    expect(new Set(uids).size).toBe(FILES.length);
    for (const { text, dashboard } of FILES) {
      const linked = (dashboard.links ?? []).map(
        ({ url }) => /^\/d\/([\w-]+)/.exec(url ?? '')?.[1],
      );
      expect([...linked, dashboard.uid].toSorted()).toEqual(uids.toSorted());
      for (const [, uid] of text.matchAll(/"\/d\/([\w-]+)/g)) expect(uids).toContain(uid);
    }
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
