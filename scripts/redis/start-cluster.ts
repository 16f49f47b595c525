import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { type RedisServer, startRedis } from './start-redis.ts'

export interface RedisCluster {
  urls: string[]
  nodes: readonly RedisServer[]
  stop(): Promise<void>
}

/** Brings up a real Redis Cluster of three masters without replicas. */
export async function startCluster(): Promise<RedisCluster> {
  const settings = ['--cluster-enabled', 'yes', '--cluster-node-timeout', '1000']
  const nodes = await Promise.all([1, 2, 3].map(() => startRedis({ settings })))
  const addresses = nodes.map(({ port }) => `127.0.0.1:${port}`)
  await run('redis-cli', ['--cluster', 'create', ...addresses, '--cluster-yes'], { timeout: 30_000 })
  await Promise.all(nodes.map(isComplete))
  return {
    urls: nodes.map(({ url }) => url),
    nodes,
    async stop() {
      await Promise.all(nodes.map((node) => node.stop()))
    },
  }
}

const run = promisify(execFile)

/** Each node learns on its own that all slots are held. */
async function isComplete({ port }: RedisServer): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const { stdout } = await run('redis-cli', ['-p', String(port), 'CLUSTER', 'INFO'])
    if (stdout.includes('cluster_state:ok')) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error('The Redis Cluster did not come together.')
}
