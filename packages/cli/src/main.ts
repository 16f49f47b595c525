#!/usr/bin/env node
import { run } from './run.ts'
import { createTerminal } from './terminal.ts'

const terminal = createTerminal(process)
const { env, platform, argv } = process
const exitCode = await run(argv.slice(2), { terminal, env, platform, fetch: globalThis.fetch })
// After Ctrl-C, what is still under way goes with the process. Otherwise, what was written to a pipe has to arrive first.
if (terminal.signal.aborted) process.exit(exitCode)
process.exitCode = exitCode
