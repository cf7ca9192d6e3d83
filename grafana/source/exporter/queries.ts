export function ofAccount(metric: string, matching = ''): string {
  const matchers = ['account=~"$account"', 'instance=~"$exporter"', matching];
  return `${metric}{${matchers.filter((part) => part !== '').join(', ')}}`;
}

/** A metric of the chosen exporters. */
export function ofExporter(metric: string, matching = ''): string {
  return `${metric}{${['instance=~"$exporter"', matching].filter((part) => part !== '').join(', ')}}`;
}

export function rate(counter: string): string {
  return `rate(${counter}[$__rate_interval])`;
}

export function callRate(labels: string, matching = ''): string {
  return `sum by (${labels}) (${rate(ofAccount('sag_app_exporter_api_requests_total', matching))})`;
}

export const SHARE_OF_ERRORS = { warning: 0.05, critical: 0.2 };
