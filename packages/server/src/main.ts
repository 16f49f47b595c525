import { enableCompileCache, flushCompileCache } from 'node:module'
import { availableParallelism } from 'node:os'
import path from 'node:path'
import { setFlagsFromString } from 'node:v8'
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
// V8 counts buffers as growth of its heap, so pictures on their way had it look through all of that every 40 uploads, for a tenth
// of their CPU. Now it may grow to three times what is alive, most of which are buffers that a small collection frees.
setFlagsFromString('--heap-growing-percent=200')
