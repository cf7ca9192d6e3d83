import { expect, it } from 'vitest';
import { endpointOf } from '../../../src/smartag/transport/endpoints.ts';

it('every region has an endpoint of its own, by TLS', () => {
  expect(endpointOf('cn-shanghai')).toBe('https://smartag.cn-shanghai.aliyuncs.com');
});
