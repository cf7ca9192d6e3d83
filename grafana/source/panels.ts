import { PanelBuilder as BarGaugeBuilder } from '@grafana/grafana-foundation-sdk/bargauge';
import type { Builder, Dataquery } from '@grafana/grafana-foundation-sdk/cog';
import {
  BarGaugeDisplayMode,
  BigValueColorMode,
  BigValueGraphMode,
  BigValueTextMode,
  GraphDrawStyle,
  GraphThresholdsStyleConfigBuilder,
  GraphThresholdsStyleMode,
  LegendDisplayMode,
  LegendPlacement,
  ReduceDataOptionsBuilder,
  SortOrder,
  StackingConfigBuilder,
  StackingMode,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizOrientation,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import {
  DashboardLinkBuilder,
  DashboardLinkType,
  type Panel,
  type Threshold,
  ThresholdsConfigBuilder,
  ThresholdsMode,
  type ValueMapping,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { DataqueryBuilder, PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder as StatBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as TableBuilder } from '@grafana/grafana-foundation-sdk/table';
import { PanelBuilder as TimeSeriesBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import { type Label, type Language, type Text, textIn } from './text.ts';
import { DATA_SOURCE } from './variables.ts';

/** Units of Grafana that the dashboards use. */
export type Unit =
  | 'short'
  | 's'
  | 'percentunit'
  | 'bps'
  | 'bytes'
  | 'reqps'
  | 'cpm'
  | 'dateTimeAsIso'
  | 'none';

/**
 * The values at which a panel turns orange and red: at or above them, or, if `critical` is less than
 * `warning`, at or below them.
 */
export interface Worry {
  readonly warning?: number;
  readonly critical?: number;
}

/** A link from a value to a page with more about it. */
export interface Link {
  readonly title: Text;
  readonly url: (language: Language) => string;
}

/** The texts in place of some values. */
export type Mappings = (language: Language) => ValueMapping[];

/** A query and the names of its series. */
export interface Query {
  readonly expr: string;
  readonly legend: Text | Label;
}

/** The properties that all kinds of panels have. */
export interface PanelOptions {
  readonly title: Text;
  /** What the panel shows and what it means; Grafana shows it at the panel's (i). */
  readonly description: Text;
  readonly unit: Unit;
  readonly queries: readonly Query[];
  /** Width in columns, of the dashboard's 24. */
  readonly width: number;
  readonly height?: number;
  readonly worry?: Worry;
  readonly links?: readonly Link[];
  /** The text for a missing value. */
  readonly noValue?: Text;
  readonly decimals?: number;
}

/** A panel that can be put on a dashboard. */
export interface PlacedPanel extends Builder<Panel> {
  id(id: number): this;
}

/** Makes a new panel with the texts of a language. */
export type PanelIn = (language: Language) => PlacedPanel;

/** One large value, or one for each series. */
export function stat(
  options: PanelOptions & {
    readonly mappings?: Mappings;
    /** Shows the name of each series beside its value, even if there is only one series, or instead of the value. */
    readonly showsName?: boolean | 'only';
  },
): PanelIn {
  return (language) => {
    const panel = common(new StatBuilder(), options, language)
      .height(options.height ?? 4)
      .graphMode(BigValueGraphMode.None)
      .colorMode(options.worry ? BigValueColorMode.Value : BigValueColorMode.None)
      .textMode(textMode(options.showsName))
      .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']))
      .targets(targets(options.queries, 'instant', language));
    if (options.mappings) panel.mappings(options.mappings(language));
    return panel;
  };
}

function textMode(showsName: boolean | 'only' = false): BigValueTextMode {
  if (showsName === 'only') return BigValueTextMode.Name;
  return showsName ? BigValueTextMode.ValueAndName : BigValueTextMode.Auto;
}

/** A graph of values over time. */
export function overTime(
  options: PanelOptions & {
    readonly stacked?: boolean;
    readonly bars?: boolean;
    /** Puts the legend to the right of the graph, where ten series have room. */
    readonly manySeries?: boolean;
    /** The axis reaches at least this value. */
    readonly atLeast?: number;
    /** The legend of a series drawn as a dashed line: a limit. */
    readonly dashed?: Text;
  },
): PanelIn {
  return (language) => {
    const panel = common(new TimeSeriesBuilder(), options, language)
      .height(options.height ?? 8)
      .axisSoftMin(0)
      .lineWidth(1)
      .fillOpacity(options.bars === true ? 60 : options.stacked === true ? 25 : 0)
      .showPoints(VisibilityMode.Never)
      .legend(
        new VizLegendOptionsBuilder()
          .displayMode(LegendDisplayMode.Table)
          .placement(options.manySeries === true ? LegendPlacement.Right : LegendPlacement.Bottom)
          .showLegend(true)
          .calcs(options.manySeries === true ? ['lastNotNull'] : ['lastNotNull', 'max']),
      )
      .tooltip(
        new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending),
      )
      .targets(targets(options.queries, 'range', language));
    if (options.atLeast !== undefined) panel.axisSoftMax(options.atLeast);
    if (options.bars === true) panel.drawStyle(GraphDrawStyle.Bars);
    if (options.stacked === true)
      panel.stacking(new StackingConfigBuilder().mode(StackingMode.Normal).group('A'));
    if (options.worry)
      panel.thresholdsStyle(
        new GraphThresholdsStyleConfigBuilder().mode(GraphThresholdsStyleMode.Dashed),
      );
    if (options.dashed !== undefined)
      panel.overrideByRegexp(`^${options.dashed[language]}$`, [
        { id: 'custom.lineStyle', value: { fill: 'dash', dash: [10, 10] } },
        { id: 'custom.fillOpacity', value: 0 },
        { id: 'custom.stacking', value: { mode: 'none', group: 'limit' } },
        { id: 'color', value: { mode: 'fixed', fixedColor: 'red' } },
      ]);
    return panel;
  };
}

/** The series with the highest values, as horizontal bars with their names. */
export function ranking(options: PanelOptions): PanelIn {
  return (language) =>
    common(new BarGaugeBuilder(), options, language)
      .height(options.height ?? 8)
      .min(0)
      .displayMode(BarGaugeDisplayMode.Basic)
      .orientation(VizOrientation.Horizontal)
      .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']))
      .targets(targets(options.queries, 'instant', language));
}

/** A column of a table: either a label of the series, or the value of a query. */
export type Column =
  | { readonly title: Text; readonly label: string; readonly link?: Link }
  | {
      readonly title: Text;
      readonly expr: string;
      /** Whether the rows are ordered by this column, largest first. */
      readonly isOrder?: true;
      readonly unit: Unit;
      readonly decimals?: number;
      readonly worry?: Worry;
      readonly mappings?: Mappings;
    };

/**
 * A table: one row for each label set, which the queries of all columns (two at least) share.
 *
 * @throws Error unless the rows are ordered by exactly one column
 */
export function table(
  options: Omit<PanelOptions, 'queries' | 'unit'> & { readonly columns: readonly Column[] },
): PanelIn {
  const { columns } = options;
  const queries = columns.flatMap((column) =>
    'expr' in column ? [{ expr: column.expr, legend: column.title }] : [],
  );
  const [order, ...others] = columns.filter((column) => 'expr' in column && column.isOrder);
  if (!order || others.length > 0) {
    throw new Error(`the table ${options.title.en} must be ordered by one column`);
  }
  return (language) => {
    const sort = [{ field: order.title[language], desc: true }];
    const panel = common(new TableBuilder(), { ...options, unit: 'none', queries }, language)
      .height(options.height ?? 10)
      .targets(targets(queries, 'table', language))
      .withTransformation({ id: 'merge', options: {} })
      .withTransformation({ id: 'organize', options: organized(columns, language) })
      .withTransformation({ id: 'sortBy', options: { fields: {}, sort } });
    for (const column of columns)
      panel.overrideByName(column.title[language], properties(column, language));
    return panel;
  };
}

/** Names and orders the fields. Grafana calls the value of query A `Value #A`. */
function organized(columns: readonly Column[], language: Language) {
  let query = 0;
  const fields = columns.map((column) => ({
    name: 'expr' in column ? `Value #${refId(query++)}` : column.label,
    title: column.title[language],
  }));
  return {
    excludeByName: { Time: true },
    indexByName: Object.fromEntries(fields.map(({ name }, index) => [name, index])),
    renameByName: Object.fromEntries(fields.map(({ name, title }) => [name, title])),
  };
}

function properties(column: Column, language: Language) {
  if ('label' in column) {
    if (!column.link) return [];
    const { title, url } = column.link;
    return [{ id: 'links', value: [{ title: title[language], url: url(language) }] }];
  }
  const { unit, decimals, worry, mappings } = column;
  return [
    { id: 'unit', value: unit },
    ...(decimals === undefined ? [] : [{ id: 'decimals', value: decimals }]),
    ...(mappings ? [{ id: 'mappings', value: mappings(language) }] : []),
    ...(worry
      ? [
          { id: 'thresholds', value: { mode: 'absolute', steps: steps(worry) } },
          { id: 'custom.cellOptions', value: { type: 'color-text' } },
        ]
      : []),
  ];
}

/** The setters that all kinds of panels have. */
interface CommonBuilder extends PlacedPanel {
  title(title: string): this;
  description(description: string): this;
  unit(unit: string): this;
  datasource(source: typeof DATA_SOURCE): this;
  span(columns: number): this;
  noValue(text: string): this;
  decimals(decimals: number): this;
  thresholds(thresholds: ThresholdsConfigBuilder): this;
  dataLinks(links: DashboardLinkBuilder[]): this;
}

function common<Kind extends CommonBuilder>(
  panel: Kind,
  options: PanelOptions,
  language: Language,
): Kind {
  panel
    .title(options.title[language])
    .description(options.description[language])
    .unit(options.unit)
    .datasource(DATA_SOURCE)
    .span(options.width);
  if (options.noValue !== undefined) panel.noValue(options.noValue[language]);
  if (options.decimals !== undefined) panel.decimals(options.decimals);
  // Always set, because Grafana's default paints values above 80 red.
  panel.thresholds(
    new ThresholdsConfigBuilder()
      .mode(ThresholdsMode.Absolute)
      .steps(options.worry ? steps(options.worry) : [{ value: null, color: 'blue' }]),
  );
  if (options.links) {
    panel.dataLinks(
      options.links.map(({ title, url }) =>
        new DashboardLinkBuilder(title[language]).type(DashboardLinkType.Link).url(url(language)),
      ),
    );
  }
  return panel;
}

function steps({ warning, critical }: Worry): Threshold[] {
  if (warning !== undefined && critical !== undefined && critical < warning) {
    return [
      { value: null, color: 'red' },
      { value: critical, color: 'orange' },
      { value: warning, color: 'green' },
    ];
  }
  return [
    { value: null, color: 'green' },
    ...(warning === undefined ? [] : [{ value: warning, color: 'orange' }]),
    ...(critical === undefined ? [] : [{ value: critical, color: 'red' }]),
  ];
}

function targets(
  queries: readonly Query[],
  kind: 'range' | 'instant' | 'table',
  language: Language,
): Builder<Dataquery>[] {
  return queries.map(({ expr, legend }, index) => {
    const query = new DataqueryBuilder().datasource(DATA_SOURCE).refId(refId(index)).expr(expr);
    if (kind === 'range') return query.range().legendFormat(textIn(language, legend));
    if (kind === 'instant') return query.instant().legendFormat(textIn(language, legend));
    return query.instant().format(PromQueryFormat.Table);
  });
}

/** A, B, C… */
function refId(index: number): string {
  return String.fromCharCode('A'.charCodeAt(0) + index);
}
