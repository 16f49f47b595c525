import { defineConfig } from 'vitest/config'

/** Parts that need real servers (`*.servers.test.ts`) run one after another, beside the parallel rest. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['**/*.test.ts'],
          exclude: ['**/*.servers.test.ts', '**/node_modules/**'],
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'servers',
          include: ['**/*.servers.test.ts'],
          exclude: ['**/node_modules/**'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          fileParallelism: false,
          globalSetup: ['scripts/test-servers.ts'],
        },
      },
    ],
  },
})
