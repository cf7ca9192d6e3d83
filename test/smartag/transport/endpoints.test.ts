import { expect, it } from 'vitest';
import { endpointOf } from '../../../src/smartag/transport/endpoints.ts';

it('every region has its own endpoint with TLS', () => {
  expect(endpointOf('cn-shanghai')).toBe('https://smartag.cn-shanghai.aliyuncs.com');
});
