import { createClient } from 'redis'
import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest'
import { type RedisServer, startRedis } from '../../../../../scripts/redis/start-redis.ts'
import type { Log } from '../../ports/log.ts'
import { atOnce } from '../../ports/parallel.ts'
import { begun, image } from '../../ports/samples.ts'
import { createRedisStore } from './store.ts'

let careless: RedisServer

beforeAll(async () => {
  careless = await startRedis({ appendonly: false, settings: ['--maxmemory-policy', 'allkeys-lru'] })
})

afterAll(() => careless.stop())

test('a Redis that may lose images is warned of, once per cause', async () => {
  const { log, warnings } = listen()
  await (await createRedisStore({ url: careless.url, log })).close()
  expect(warnings).toEqual([expect.stringContaining('appendonly'), expect.stringContaining('noeviction')])
})

test('a Redis that keeps all is not warned of', async () => {
  const { log, warnings } = listen()
  await (await createRedisStore({ url: inject('redisUrl'), keyPrefix: 'check1:', log })).close()
  await (await createRedisStore({ clusterUrls: inject('redisClusterUrls'), keyPrefix: 'check1:', log })).close()
  expect(warnings).toEqual([])
})

test('a Redis that forbids INFO is served without a word', async () => {
  const admin = await createClient({ url: careless.url }).connect()
  await admin.sendCommand(['ACL', 'SETUSER', 'plain', 'on', '>secret', '~*', '+@all', '-info', '-config'])
  await admin.close()
  const { log, warnings } = listen()
  const url = careless.url.replace('//', '//plain:secret@')
  const store = await createRedisStore({ url, log })
  await store.ping()
  await store.close()
  expect(warnings).toEqual([])
})

test('data of a newer version is refused', async () => {
  const redis = await createClient({ url: inject('redisUrl') }).connect()
  await redis.set('check2:imagehost:schema', '999')
  await redis.close()
  const opened = createRedisStore({ url: inject('redisUrl'), keyPrefix: 'check2:' })
  await expect(opened).rejects.toThrow('written by a newer ImageHost')
})

test('scripts that Redis forgot are sent again', async () => {
  const store = await createRedisStore({ url: inject('redisUrl'), keyPrefix: 'check3:' })
  const claim = await begun(store, 'img_1')
  const redis = await createClient({ url: inject('redisUrl') }).connect()
  await redis.scriptFlush()
  await redis.close()
  expect(await store.images.commit(image('img_1'), claim)).toBe(true)
  await store.close()
})

test('where there is a replica, a commit has reached it; a replica that is gone is warned of once and not waited for', async () => {
  const master = await startRedis()
  const replica = await startRedis({ settings: ['--replicaof', '127.0.0.1', String(master.port)] })
  const reader = await createClient({ url: replica.url }).connect()
  const { log, warnings } = listen()
  try {
    await vi.waitFor(async () => expect(await reader.info('replication')).toContain('master_link_status:up'), 20_000)
    const store = await createRedisStore({ url: master.url, log })
    for (const n of [1, 2, 3]) {
      expect(await store.images.commit(image(`img_${n}`), await begun(store, `img_${n}`))).toBe(true)
      expect(await reader.zScore('user:u_anna:images', `img_${n}`)).not.toBeNull()
    }
    expect(warnings).toEqual([])
    process.kill(replica.pid, 'SIGSTOP')
    await atOnce(async (n) => {
      const id = `img_late_${n}`
      expect(await store.images.commit(image(id), await begun(store, id))).toBe(true)
    })
    expect(warnings).toEqual([expect.stringContaining('replica')])
    await store.close()
  } finally {
    reader.destroy()
    await replica.stop()
    await master.stop()
  }
})

function listen(): { log: Log; warnings: string[] } {
  const warnings: string[] = []
  return { warnings, log: { info() {}, error() {}, warn: (_, message) => warnings.push(message) } }
}
