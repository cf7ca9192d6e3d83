import { describe, expect, it } from 'vitest';
import { createSmartAccessGatewayClientUser as operation } from '../../../src/smartag/operations/create-smart-access-gateway-client-user.ts';
import { failureOf } from '../calls.ts';
import { parametersOf, replyOf } from './parse.ts';

const REQUEST = {
  regionId: 'cn-shanghai',
  instanceId: 'sag-1',
  userMail: 'doc@example.com',
  bandwidthKbit: 2000,
};

/** The sample reply on the API page of the operation. */
const SAMPLE = `{
  "UserName" : "doc",
  "RequestId" : "72E82F5E-66E8-4C22-BF1F-5CEB7DC132E7",
  "UserMail" : "username@example.com",
  "Bandwidth" : 20,
  "ClientIp" : "10.0.XX.XX"
}`;

describe('CreateSmartAccessGatewayClientUser', () => {
  it('sends no parameters for absent fields', async () => {
    expect(await parametersOf(operation, REQUEST)).toEqual({
      RegionId: 'cn-shanghai',
      SmartAGId: 'sag-1',
      UserMail: 'doc@example.com',
      Bandwidth: '2000',
    });
  });

  it('sends all fields', async () => {
    const login = { userName: 'doctest', password: 'Pass-word1' };
    expect(await parametersOf(operation, { ...REQUEST, login, clientIp: '10.0.0.9' })).toEqual({
      RegionId: 'cn-shanghai',
      SmartAGId: 'sag-1',
      UserMail: 'doc@example.com',
      Bandwidth: '2000',
      UserName: 'doctest',
      Password: 'Pass-word1',
      ClientIp: '10.0.0.9',
    });
  });

  it("reads the page's sample", async () => {
    expect(await replyOf(operation, REQUEST, SAMPLE)).toEqual({
      userName: 'doc',
      userMail: 'username@example.com',
      bandwidth: 2500,
      clientIp: '10.0.XX.XX',
    });
  });

  it('reads a reply without an address', async () => {
    expect(
      await replyOf(operation, REQUEST, { UserName: 'doc', Bandwidth: '20', IsStaticIp: 0 }),
    ).toEqual({ userName: 'doc', bandwidth: 2500 });
  });

  it('is malformed when nothing was created', async () => {
    expect((await failureOf(replyOf(operation, REQUEST, {}))).kind).toBe('malformed');
  });
});
