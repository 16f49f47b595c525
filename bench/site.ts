import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createBucket } from '../packages/server/src/testing/create-bucket.ts'
import { type ServerProcess, startServerProcess } from '../packages/server/src/testing/start-server-process.ts'
import { startRedis } from '../scripts/redis/start-redis.ts'
import { startS3 } from '../scripts/s3/start-s3.ts'

/** A real server with the data that it works on, in a process of its own as `npm start` runs it. */
export interface Site extends ServerProcess {
  directory: string
  /** Where its metadata is, unless in SQLite. */
  redisUrl?: string
  /** A new account with a key. */
  account(): Promise<Account>
}

export interface Account {
  uid: string
  apiKey: string
}

/** SQLite and files, or whatever these settings choose. */
export async function startSite(env: Record<string, string> = {}): Promise<Site> {
  const made = env.DATA_DIR === undefined
  const directory = env.DATA_DIR ?? (await mkdtemp(join(tmpdir(), 'imagehost-bench-')))
  const server = await startServerProcess({ ...asStarted(directory), ...env, DATA_DIR: directory })
  return {
    ...server,
    directory,
    ...(env.REDIS_URL !== undefined && { redisUrl: env.REDIS_URL }),
    async account() {
      const response = await fetch(`${server.url}/api/v1/dev/issue-key`, { method: 'POST' })
      const { uid, api_key: apiKey } = (await response.json()) as { uid: string; api_key: string }
      return { uid, apiKey }
    },
    async stop() {
      await server.stop()
      if (made) await rm(directory, { recursive: true, force: true })
    },
  }
}

/** As the start script of package.json, and with the log as it is by default. */
const asStarted = (directory: string): Record<string, string> => ({
  MALLOC_ARENA_MAX: '2',
  NODE_COMPILE_CACHE: join(directory, '.compile-cache'),
  LOG_LEVEL: 'info',
  VARIANTS_AHEAD: '1',
  // One account uploads here as fast as it can; that it is counted is part of what is measured.
  RATE_UPLOAD: '100000000',
})

/** With Redis, and with S3 too if asked for. */
export async function startSiteOnServers({ s3: withS3 }: { s3: boolean }): Promise<Site> {
  const redis = await startRedis()
  const s3 = withS3 ? await startS3() : undefined
  const site = await startSite({
    REDIS_URL: redis.url,
    SECRET_KEY: 'of these benchmarks, and of nothing else',
    ...(s3 && (await createBucket(s3)).env),
  })
  return {
    ...site,
    async stop() {
      await site.stop()
      await Promise.all([redis.stop(), s3?.stop()])
    },
  }
}
