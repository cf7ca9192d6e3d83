import { parser } from '@prometheus-io/lezer-promql';

/** The metrics and labels in a PromQL expression. */
export interface Mentions {
  /** The text around each syntax error; empty if the syntax is right. */
  readonly errors: readonly string[];
  /** Each selector: the name of the metric (empty if it has none) and the labels that it matches. */
  readonly selectors: readonly { readonly metric: string; readonly labels: readonly string[] }[];
  /** Labels in by, without, on, ignoring, group_left and group_right. */
  readonly groupings: readonly string[];
}

/** Reads an expression with Prometheus' own grammar. */
export function readPromql(expression: string): Mentions {
  const errors: string[] = [];
  const selectors: { metric: string; labels: string[] }[] = [];
  const groupings: string[] = [];
  parser.parse(expression).iterate({
    enter(node) {
      const text = expression.slice(node.from, node.to);
      if (node.type.isError)
        errors.push(expression.slice(Math.max(0, node.from - 30), node.to + 30));
      if (node.name === 'VectorSelector') selectors.push({ metric: '', labels: [] });
      const selector = selectors.at(-1);
      const parent = node.node.parent?.name;
      if (node.name === 'Identifier' && parent === 'VectorSelector' && selector)
        selector.metric = text;
      if (node.name !== 'LabelName') return;
      if (parent === 'GroupingLabels') groupings.push(text);
      else selector?.labels.push(text);
    },
  });
  return { errors, selectors, groupings };
}
