import { describe, expect, it } from 'vitest';
import { signature, stringToSign } from '../../../src/simulator/gateway/signature.ts';

/** The signature example of the RPC documents (DescribeRegions of ECS). */
const EXAMPLE = Object.entries({
  Action: 'DescribeRegions',
  Version: '2014-05-26',
  Format: 'XML',
  AccessKeyId: 'testid',
  Timestamp: '2016-02-23T12:46:24Z',
  SignatureNonce: '3ee8c1b8-83d3-44af-a94f-4e0ad82fd6cf',
  SignatureMethod: 'HMAC-SHA1',
  SignatureVersion: '1.0',
});

describe('the signature', () => {
  it.each([
    ['GET', 'OLeaidS1JvxuMvnyHOwuJ+uX5qY='],
    ['POST', 'MxbnVAM4w6sft9xjVpe/GCKueuk='],
  ])('reproduces the documented example sent with %s', (method, expected) => {
    expect(signature(stringToSign(method, EXAMPLE), 'testsecret')).toBe(expected);
  });

  it('leaves out the signature itself', () => {
    const signed = [...EXAMPLE, ['Signature', 'anything']] as [string, string][];
    expect(stringToSign('GET', signed)).toBe(stringToSign('GET', EXAMPLE));
  });

  it('sorts the names as text, and escapes all characters except unreserved ones', () => {
    const parameters: [string, string][] = [
      ['UserNames.2', "a b+c*(d)'!~"],
      ['UserNames.10', '李'],
    ];
    expect(stringToSign('GET', parameters)).toBe(
      'GET&%2F&UserNames.10%3D%25E6%259D%258E%26UserNames.2%3Da%2520b%252Bc%252A%2528d%2529%2527%2521~',
    );
  });
});
