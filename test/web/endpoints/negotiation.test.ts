import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatFor } from '../../../src/web/endpoints/negotiation.ts';

const OPENMETRICS = 'application/openmetrics-text';

describe('the format of a scrape', () => {
  it.each([
    ['nothing asked for', undefined, 'text'],
    ['an empty header', '', 'text'],
    ['anything', '*/*', 'text'],
    ['a browser', 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', 'text'],
    ['OpenMetrics', OPENMETRICS, 'openmetrics'],
    ['OpenMetrics in capitals', 'Application/OpenMetrics-Text; Version=1.0.0', 'openmetrics'],
    [
      'Prometheus 2.42',
      `${OPENMETRICS};version=1.0.0,${OPENMETRICS};version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1`,
      'openmetrics',
    ],
    [
      'Prometheus 3',
      `${OPENMETRICS};version=1.0.0;escaping=allow-utf-8;q=0.6,${OPENMETRICS};version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2`,
      'openmetrics',
    ],
    [
      'Prometheus 3 that likes protobuf best',
      `application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.7,${OPENMETRICS};version=1.0.0;q=0.6,text/plain;version=0.0.4;q=0.3,*/*;q=0.2`,
      'openmetrics',
    ],
    ['text liked better', `${OPENMETRICS};q=0.4, text/plain;q=0.5`, 'text'],
    ['any text liked better', `${OPENMETRICS};q=0.4, text/*;q=0.5`, 'text'],
    [
      'plain text liked less than any',
      `${OPENMETRICS};q=0.4, text/plain;q=0.3, */*`,
      'openmetrics',
    ],
    ['both alike', `text/plain, ${OPENMETRICS}`, 'openmetrics'],
    ['OpenMetrics refused', `${OPENMETRICS};q=0`, 'text'],
    ['everything refused', '*/*;q=0', 'text'],
    ['another version of OpenMetrics', `${OPENMETRICS};version=2.0.0`, 'text'],
    ['the version in quotes', `${OPENMETRICS};version="1.0.0"`, 'openmetrics'],
    ['a comma in quotes', `text/plain;a=",";q=0.1, ${OPENMETRICS};q=0.2`, 'openmetrics'],
    ['a quality that is none', `${OPENMETRICS};q=high, text/plain;q=0.1`, 'text'],
    ['a quality above all', `${OPENMETRICS};q=7`, 'text'],
    ['something else', 'application/json', 'text'],
  ])('with %s', (_, accept, format) => {
    expect(formatFor(accept)).toBe(format);
  });

  it('is one of the two for any header', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string({ unit: fc.constantFrom(',', ';', '"', '\\', '=', 'q', '/', '*', ' ', '1') }),
        ),
        (accept) => {
          expect(['text', 'openmetrics']).toContain(formatFor(accept));
        },
      ),
      { numRuns: 2000 },
    );
  });
});
