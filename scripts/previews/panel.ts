import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { targetsOf } from '../../test/support/dashboards.ts';
import { inPalette, named, type Step } from './colours.ts';
import type { Labels } from './prometheus.ts';

/** What a panel's JSON says that a picture needs, its overrides aside. */
export interface Look {
  readonly unit: string;
  readonly decimals: number | undefined;
  readonly noValue: string;
  readonly steps: readonly Step[];
  /** The words for values, where the panel has some. */
  readonly words: Readonly<Record<string, string>>;
}

/** A property that an override sets. */
export type Properties = Readonly<Record<string, unknown>>;

interface Mapping {
  readonly type: string;
  readonly options: Readonly<Record<string, { readonly text?: string }>>;
}

export function lookOf(panel: Panel): Look {
  const defaults = panel.fieldConfig?.defaults;
  return {
    unit: defaults?.unit ?? 'short',
    decimals: defaults?.decimals,
    noValue: defaults?.noValue ?? 'No data',
    steps: (defaults?.thresholds?.steps ?? []) as readonly Step[],
    words: wordsOf((defaults?.mappings ?? []) as readonly Mapping[]),
  };
}

/** The same with what an override says instead. */
export function changed(look: Look, properties: Properties): Look {
  const thresholds = properties['thresholds'] as { readonly steps: readonly Step[] } | undefined;
  const mappings = properties['mappings'] as readonly Mapping[] | undefined;
  return {
    ...look,
    unit: (properties['unit'] as string | undefined) ?? look.unit,
    decimals: (properties['decimals'] as number | undefined) ?? look.decimals,
    steps: thresholds?.steps ?? look.steps,
    words: mappings ? wordsOf(mappings) : look.words,
  };
}

function wordsOf(mappings: readonly Mapping[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    mappings
      .filter(({ type }) => type === 'value')
      .flatMap(({ options }) => Object.entries(options))
      .map(([value, { text }]) => [value, text ?? value]),
  );
}

/** What the overrides set for a field of this name. */
export function overridesFor(panel: Panel, name: string): Properties {
  const matching = (panel.fieldConfig?.overrides ?? []).filter(({ matcher }) =>
    matcher.id === 'byName'
      ? matcher.options === name
      : matcher.id === 'byRegexp' && new RegExp(String(matcher.options)).test(name),
  );
  return Object.fromEntries(
    matching.flatMap(({ properties }) => properties.map(({ id, value }) => [id, value])),
  );
}

/** The name of a series: the legend of its query, its labels filled in. */
export function nameOf(panel: Panel, refId: string, labels: Labels): string {
  const target = targetsOf(panel).find((candidate) => candidate.refId === refId);
  return (target?.legendFormat ?? '').replace(/\{\{(\w+)\}\}/g, (_, label) => labels[label] ?? '');
}

/** The colour of a series: as an override fixes it, else the next of the palette. */
export function colourOf(properties: Properties, index: number): string {
  const colour = properties['color'] as { readonly fixedColor?: string } | undefined;
  return colour?.fixedColor === undefined ? inPalette(index) : named(colour.fixedColor);
}
