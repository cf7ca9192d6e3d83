import { type Browser, chromium } from 'playwright-core';

/** The path of Chromium in Debian's package. */
const CHROMIUM = '/usr/bin/chromium';

/** Starts a headless browser. @throws Error when Chromium is not installed */
export function startBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: CHROMIUM,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-dev-shm-usage',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
    ],
  });
}
