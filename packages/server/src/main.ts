import { enableCompileCache, flushCompileCache } from 'node:module'
import { availableParallelism } from 'node:os'
import path from 'node:path'
import { loadEnvironment } from './environment.ts'

// Read by libuv at its first use: decoding of uploads, making of variants and hashing share these threads, and file reads
// need some of their own.
process.env.UV_THREADPOOL_SIZE ??= String(2 * availableParallelism() + 6)
loadEnvironment()
// Types need to be stripped only once: a second start is twice as fast and 20 MB smaller. Never in a shared folder such
// as /tmp, where somebody else could put code for us to run.
enableCompileCache(path.resolve(process.env.DATA_DIR || 'data', '.compile-cache'))

const { runServer } = await import('./run-server.ts')
await runServer(process.env)
// Now rather than at the exit, which a kill -9 would skip.
flushCompileCache()
