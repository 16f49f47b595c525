import { execFileSync } from 'node:child_process'
import type { TestProject } from 'vitest/node'
import { startCluster } from './redis/start-cluster.ts'
import { startRedis } from './redis/start-redis.ts'
import { type S3Server, startS3 } from './s3/start-s3.ts'

declare module 'vitest' {
  interface ProvidedContext {
    redisUrl: string
    redisClusterUrls: string[]
    s3: Omit<S3Server, 'stop'>
  }
}

/** The programs that the servers are made of, with the Debian packages that bring them. */
const programs = {
  'redis-server': 'redis-server',
  'redis-cli': 'redis-tools',
  setpriv: 'util-linux',
  'ceph-mon': 'ceph-mon',
  'ceph-osd': 'ceph-osd',
  radosgw: 'radosgw',
} as const

/** One of each real server for the whole run; each test file takes a key prefix or bucket of its own. */
export default async function startServers(project: TestProject): Promise<() => Promise<void>> {
  const missing = Object.entries(programs).filter(([program]) => !isInstalled(program))
  if (missing.length > 0)
    throw new Error(`Programs are missing: apt-get install ${missing.map(([, name]) => name).join(' ')}`)

  const starting = [startRedis(), startCluster(), startS3()] as const
  const stop = async () => {
    for (const started of await Promise.allSettled(starting))
      if (started.status === 'fulfilled') await started.value.stop()
  }
  try {
    const [redis, cluster, { stop: _, ...s3 }] = await Promise.all(starting)
    project.provide('redisUrl', redis.url)
    project.provide('redisClusterUrls', cluster.urls)
    project.provide('s3', s3)
  } catch (error) {
    await stop()
    throw error
  }
  return stop
}

function isInstalled(program: string): boolean {
  try {
    execFileSync('sh', ['-c', `PATH=$PATH:/usr/sbin command -v ${program}`], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
