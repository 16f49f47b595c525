import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'

// Read by libuv at its first use: decoding and hashing share these threads, and file reads need some of their own.
process.env.UV_THREADPOOL_SIZE ??= String(availableParallelism() + 6)
// The environment wins over the file.
if (existsSync('.env')) process.loadEnvFile('.env')

const { runServer } = await import('./run-server.ts')
await runServer(process.env)
