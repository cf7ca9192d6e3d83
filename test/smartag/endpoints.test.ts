import { expect, it } from 'vitest';
import { endpointOf, HOME_REGION, REGIONS } from '../../src/smartag/endpoints.ts';

it('every region has an endpoint of its own, by TLS', () => {
  expect(endpointOf('cn-shanghai')).toBe('https://smartag.cn-shanghai.aliyuncs.com');
  for (const region of REGIONS) {
    expect(new URL(endpointOf(region)).hostname).toBe(`smartag.${region}.aliyuncs.com`);
  }
});

it('the region that is asked for the others is one of them', () => {
  expect(REGIONS.has(HOME_REGION)).toBe(true);
});

it('the closed region is not among them', () => {
  expect(REGIONS.has('ap-southeast-2')).toBe(false);
});
