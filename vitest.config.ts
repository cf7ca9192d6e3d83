import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** Half of the time tests wait for processes they have started, so there are more than processors. */
const MAIN_WORKERS = availableParallelism() + 1;
/** Each drives several programs that want a processor themselves. */
const COMPONENT_WORKERS = 2;

// `main` needs nothing but what npm installed; `components` drives real programs (Prometheus,
// promtool, a browser) and fails, rather than skips, where one is missing. `image`, `package` and
// `unit` try what the scripts in .ci/ have built.
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'main',
          include: ['test/**/*.test.ts'],
          exclude: ['test/e2e/{components,image,package,unit}/**'],
          testTimeout: 30_000,
          maxWorkers: MAIN_WORKERS,
        },
      },
      {
        test: {
          name: 'components',
          include: ['test/e2e/components/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 60_000,
          maxWorkers: COMPONENT_WORKERS,
        },
      },
      ...['image', 'package', 'unit'].map((name) => ({
        test: {
          name,
          include: [`test/e2e/${name}/**/*.test.ts`],
          testTimeout: 180_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      })),
    ],
  },
});
