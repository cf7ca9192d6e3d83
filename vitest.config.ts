import { defineConfig } from 'vitest/config';

// Two projects: `main` needs nothing but what npm installed; `components` drives real programs
// (Prometheus, promtool, a browser) and fails, rather than skips, where one is missing.
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'main',
          include: ['test/**/*.test.ts'],
          exclude: ['test/e2e/components/**'],
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'components',
          include: ['test/e2e/components/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 60_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
