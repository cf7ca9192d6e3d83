import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** Tests spend half of their time waiting for processes, so there is one worker more than processors. */
const MAIN_WORKERS = availableParallelism() + 1;
/** Each worker drives several programs that need a processor too. */
const COMPONENT_WORKERS = 2;

// `main` needs only what npm installs. `components` drives real programs (Prometheus, promtool, a browser)
// and fails if one is missing. `image`, `package` and `unit` test what the scripts in .ci/ have built.
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
