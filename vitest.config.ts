import { defineConfig } from 'vitest/config'

const servers = '**/*.servers.test.ts'
/** The whole house as people reach it: the page in a browser, and what stands in front of the server. */
const site = ['packages/web/**/*.servers.test.ts', 'deploy/**/*.servers.test.ts']

/** Of what needs real servers, each file runs alone, beside the parallel rest. */
const withServers = {
  testTimeout: 60_000,
  hookTimeout: 60_000,
  // A second, which is what a poll waits otherwise, is short for a page that loads on a busy machine.
  expect: { poll: { timeout: 10_000 } },
  fileParallelism: false,
  globalSetup: ['scripts/test-servers.ts'],
}

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['**/*.test.ts'],
          exclude: [servers, '**/node_modules/**'],
          testTimeout: 30_000,
        },
      },
      {
        test: {
          ...withServers,
          name: 'servers',
          include: [servers],
          exclude: [...site, '**/node_modules/**'],
        },
      },
      { test: { ...withServers, name: 'site', include: site, exclude: ['**/node_modules/**'] } },
    ],
  },
})
