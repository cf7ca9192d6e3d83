import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { ProxySettingError, proxyFor } from '../../../src/smartag/transport/proxy.ts';

const API = 'https://smartag.cn-shanghai.aliyuncs.com';

const hrefOf = (env: Readonly<Record<string, string>>, endpoint = API, proxy?: string) =>
  proxyFor(endpoint, { env, proxy })?.href;

describe('the proxy', () => {
  it('is absent by default', () => {
    expect(hrefOf({})).toBeUndefined();
    expect(hrefOf({ HTTPS_PROXY: '' })).toBeUndefined();
  });

  it('is that of the configuration for every endpoint, and the environment is ignored', () => {
    const env = { HTTPS_PROXY: 'http://other', NO_PROXY: '*' };
    expect(hrefOf(env, API, 'http://proxy:3128')).toBe('http://proxy:3128/');
  });

  it('is that of the variable for the scheme of the endpoint', () => {
    const env = { HTTPS_PROXY: 'http://secure:1', HTTP_PROXY: 'http://plain:2' };
    expect(hrefOf(env)).toBe('http://secure:1/');
    expect(hrefOf(env, 'http://127.0.0.1:10314')).toBe('http://plain:2/');
    expect(hrefOf({ HTTP_PROXY: 'http://plain:2' })).toBeUndefined();
  });

  it('is that of the lower-case variable when both are set', () => {
    expect(hrefOf({ https_proxy: 'http://lower', HTTPS_PROXY: 'http://upper' })).toBe(
      'http://lower/',
    );
  });

  it('may be written without its scheme', () => {
    expect(hrefOf({ HTTPS_PROXY: 'proxy:3128' })).toBe('http://proxy:3128/');
  });

  it.each([' http://proxy:3128 ', 'http://proxy:3128\n', '\tproxy:3128\r\n'])(
    'may have blanks and line ends around it: %j',
    (value) => {
      expect(hrefOf({ HTTPS_PROXY: value })).toBe('http://proxy:3128/');
    },
  );

  it('is that of the other spelling when a variable is blank, and absent when both are', () => {
    expect(hrefOf({ HTTPS_PROXY: ' \n' })).toBeUndefined();
    expect(hrefOf({ https_proxy: ' ', HTTPS_PROXY: 'http://proxy' })).toBe('http://proxy/');
  });

  it.each([
    'socks5://marked:marked@proxy',
    'http://',
    'marked proxy',
    'http://marked:1#marked@proxy:3128',
    'http://marked:1?marked@proxy:3128',
  ])('must be an HTTP proxy, and is not quoted: %s', (value) => {
    const wrong = (): unknown => hrefOf({ HTTPS_PROXY: value });
    expect(wrong).toThrow(ProxySettingError);
    expect(wrong).toThrow('HTTPS_PROXY is no http:// or https:// URL');
    try {
      wrong();
    } catch (error) {
      expect(inspect(error)).not.toContain('marked');
    }
  });
});

describe('NO_PROXY', () => {
  const isDirect = (noProxy: string, endpoint: string): boolean =>
    hrefOf({ HTTPS_PROXY: 'http://p', HTTP_PROXY: 'http://p', NO_PROXY: noProxy }, endpoint) ===
    undefined;

  it.each([
    ['*', API],
    ['smartag.cn-shanghai.aliyuncs.com', API],
    ['aliyuncs.com', API],
    ['.aliyuncs.com', API],
    ['*.aliyuncs.com', API],
    ['AliyunCS.com', API],
    ['localhost, aliyuncs.com', API],
    ['localhost aliyuncs.com', API],
    ['aliyuncs.com:443', API],
    ['127.0.0.1', 'http://127.0.0.1:10314'],
    ['127.0.0.1:10314', 'http://127.0.0.1:10314'],
    ['127.0.0.0/8', 'http://127.0.0.1:10314'],
    ['::1', 'http://[::1]:10314'],
    ['[::1]', 'http://[::1]:10314'],
    ['[::1]:10314', 'http://[::1]:10314'],
    ['fd00::/8', 'http://[fd00::7]:10314'],
    ['[FD00::]/8', 'http://[fd00::7]:10314'],
    ['0:0:0:0:0:0:0:1', 'http://[::1]:10314'],
    ['FD00:0::7', 'http://[fd00::7]:10314'],
    ['aliyuncs.com.', API],
    ['.aliyuncs.com.', API],
    ['*.AliyunCS.com.:443', API],
    ['aliyuncs.com', 'https://smartag.cn-shanghai.aliyuncs.com.'],
    ['smartag.cn-shanghai.aliyuncs.com:443', 'https://SmartAG.cn-shanghai.aliyuncs.com.'],
    [' aliyuncs.com\n', API],
  ])('%s excepts %s', (noProxy, endpoint) => {
    expect(isDirect(noProxy, endpoint)).toBe(true);
  });

  it.each([
    ['', API],
    [',', API],
    ['.', API],
    ['yuncs.com', API],
    ['x.smartag.cn-shanghai.aliyuncs.com', API],
    ['aliyuncs.com:8443', API],
    ['10.0.0.0/8', 'http://127.0.0.1:10314'],
    ['10.0.0.0/8', API],
    ['127.0.0.0/64', 'http://127.0.0.1:10314'],
    ['127.0.0.0/', 'http://127.0.0.1:10314'],
    ['0.0.1', 'http://127.0.0.1:10314'],
  ])('%s does not except %s', (noProxy, endpoint) => {
    expect(isDirect(noProxy, endpoint)).toBe(false);
  });

  it('hides an unusable proxy from an excepted endpoint', () => {
    expect(hrefOf({ HTTPS_PROXY: 'socks5://p', NO_PROXY: '*' })).toBeUndefined();
  });
});
