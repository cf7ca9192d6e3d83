/**
 * Gives an expression on instances the label `name`, so that people and notifications need not look up the id.
 *
 * @param aggregation what is applied to the expression first, such as `count by (instance_id)`
 */
export function withName(expression: string, aggregation?: string): string {
  const inner = expression.replaceAll('\n', '\n  ');
  const start = aggregation === undefined ? '(' : `${aggregation} (`;
  return `${start}\n  ${inner}\n) * on (account, region_id, instance_id) group_left (name) sag_app:instance_name:info`;
}
