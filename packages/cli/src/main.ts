#!/usr/bin/env node
import { run } from './run.ts'
import { createTerminal } from './terminal.ts'

/** Not `process.exit`: what was written to a pipe has to arrive first. */
process.exitCode = await run(process.argv.slice(2), {
  terminal: createTerminal(process),
  env: process.env,
  platform: process.platform,
  fetch: globalThis.fetch,
})
