import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Parameters } from '../../../src/simulator/gateway/parameters.ts';
import { stringToSign } from '../../../src/simulator/gateway/signature.ts';
import { anyText, illFormed } from '../../support/any-text.ts';

it('the parameters of a request and the text that is signed are well-formed Unicode', () => {
  fc.assert(
    fc.property(anyText, fc.stringMatching(/^(%[0-9a-f]{2}|[a-z%]){0,8}$/), (name, value) => {
      const parameters = new Parameters(`${name}=${value}&a=${name}`);
      expect(illFormed([...parameters.entries()])).toEqual([]);
      expect(illFormed(stringToSign('GET', parameters.entries()))).toEqual([]);
    }),
  );
});
