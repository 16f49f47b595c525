import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { type RedisServer, startRedis } from './start-redis.ts'

export interface RedisCluster {
  urls: string[]
  nodes: readonly RedisServer[]
  stop(): Promise<void>
}

/** Brings up a real Redis Cluster of three masters, each with so many replicas. */
export async function startCluster({ replicas = 0 } = {}): Promise<RedisCluster> {
  const settings = ['--cluster-enabled', 'yes', '--cluster-node-timeout', '1000']
  const nodes = await Promise.all(Array.from({ length: 3 * (1 + replicas) }, () => startRedis({ settings })))
  const addresses = nodes.map(({ port }) => `127.0.0.1:${port}`)
  await run(
    'redis-cli',
    ['--cluster', 'create', ...addresses, '--cluster-replicas', String(replicas), '--cluster-yes'],
    { timeout: 30_000 },
  )
  await Promise.all(nodes.map((node) => isComplete(node, replicas > 0)))
  return {
    urls: nodes.map(({ url }) => url),
    nodes,
    async stop() {
      await Promise.all(nodes.map((node) => node.stop()))
    },
  }
}

const run = promisify(execFile)

/** Each node learns on its own that all slots are held, and a replica takes its time to copy. */
async function isComplete({ port }: RedisServer, isReplicated: boolean): Promise<void> {
  const ask = async (...command: string[]) => (await run('redis-cli', ['-p', String(port), ...command])).stdout
  for (let attempt = 0; attempt < 200; attempt++) {
    const isWhole = (await ask('CLUSTER', 'INFO')).includes('cluster_state:ok')
    const isCopied = !isReplicated || /state=online|master_link_status:up/.test(await ask('INFO', 'replication'))
    if (isWhole && isCopied) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error('The Redis Cluster did not come together.')
}
