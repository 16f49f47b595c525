import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type Client, createClient } from '@imagehost/client'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type RedisServer, startRedis } from '../../../scripts/redis/start-redis.ts'
import { pictures } from './testing/pictures.ts'
import { type ServerProcess, startServerProcess } from './testing/start-server-process.ts'
import { startUploadLoad } from './testing/upload-load.ts'
import { createUploader, type Uploader } from './testing/uploader.ts'
import { expectSwept, expectWhole, listAll } from './testing/whole-collection.ts'

/** A real server process and a Redis of its own that dies or freezes while people upload. */
let redis: RedisServer
let env: { DATA_DIR: string; REDIS_URL: string; SECRET_KEY: string }
let server: ServerProcess
let uploader: Uploader
let uid: string
let client: Client

beforeEach(async () => {
  redis = await startRedis()
  const DATA_DIR = await mkdtemp(path.join(tmpdir(), 'imagehost-outage-'))
  env = { DATA_DIR, REDIS_URL: redis.url, SECRET_KEY: 'of these tests, and of nothing else' }
  server = await startServerProcess(env)
  const key = await createClient({ baseUrl: server.url, retries: 0 }).accounts.issueDevKey()
  uploader = createUploader({ url: server.url, apiKey: key.api_key })
  uid = key.uid
  client = createClient({ baseUrl: server.url, retries: 0, apiKey: key.api_key })
})

afterEach(async () => {
  await server.stop()
  await redis.stop()
  await rm(env.DATA_DIR, { recursive: true })
})

/** The promise is 2 seconds; the rest is for a machine under load. */
const redWithinMs = 3_000
/** From the return of Redis to a server that works again, by itself. */
const recoveredWithinMs = 5_000

test.each(['killed', 'frozen'])(
  'while Redis is %s all is 503 with Retry-After, and then the server recovers',
  async (fate) => {
    const before = performance.now()
    await (fate === 'killed' ? redis.kill() : process.kill(redis.pid, 'SIGSTOP'))
    await vi.waitFor(async () => expect((await fetch(`${server.url}/ready`)).status).toBe(503), {
      timeout: redWithinMs,
    })
    expect(performance.now() - before).toBeLessThan(redWithinMs)
    expect((await fetch(`${server.url}/live`)).status).toBe(200)
    const refused = await uploader.send(await pictures.jpeg())
    expect(refused.status).toBe(503)
    expect((await refused.json()).error.code).toBe('service_error')
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)

    await (fate === 'killed' ? redis.restart() : process.kill(redis.pid, 'SIGCONT'))
    const back = performance.now()
    await vi.waitFor(async () => expect((await uploader.send(await pictures.jpeg())).status).toBeLessThan(300), {
      timeout: recoveredWithinMs,
    })
    expect(performance.now() - back).toBeLessThan(recoveredWithinMs)
    expect((await fetch(`${server.url}/ready`)).status).toBe(200)
  },
)

test.each(['killed', 'frozen'])(
  'what was acknowledged while Redis was %s under load is there, and nothing half-made',
  async (fate) => {
    const load = await startUploadLoad(uploader)
    if (fate === 'killed') await redis.kill()
    else process.kill(redis.pid, 'SIGSTOP')
    await load.untilRefused()
    if (fate === 'killed') await redis.restart()
    else process.kill(redis.pid, 'SIGCONT')
    await load.untilWorking(2 * recoveredWithinMs)
    await load.end()

    await expectRefusalsInWords(load.refusals)
    await expectWhole(client, server.url, load.acknowledged)
    await server.stop()
    await expectSwept(env, uid)
  },
)

test('an upload whose completion fell into the outage is one image when the call is repeated', async () => {
  const id = await uploader.stage(await pictures.jpeg())
  await redis.kill()
  expect((await uploader.complete(id)).status).toBe(503)
  await redis.restart()
  await vi.waitFor(async () => expect((await uploader.complete(id)).status).toBe(201), { timeout: recoveredWithinMs })
  expect((await listAll(client)).map((image) => image.id)).toEqual([id])
})

async function expectRefusalsInWords(refusals: readonly Response[]): Promise<void> {
  for (const refusal of refusals) {
    expect(refusal.status).toBe(503)
    expect(['service_error', 'save_error']).toContain((await refusal.json()).error.code)
    expect(Number(refusal.headers.get('retry-after'))).toBeGreaterThan(0)
  }
}

test('while Redis is full, uploads are refused in words and pictures are looked at; with room again all goes on', async () => {
  const load = await startUploadLoad(uploader)
  const full = performance.now()
  // Less than it holds: with `noeviction` it takes nothing that could grow.
  await redis.set('maxmemory', '1mb')
  await load.untilRefused()
  expect(performance.now() - full).toBeLessThan(redWithinMs + recoveredWithinMs)
  const [known] = load.acknowledged
  expect((await fetch(`${server.url}/i/${known!.id}`)).status).toBe(200)
  expect((await client.images.list()).items.length).toBeGreaterThan(0)
  const [refused, waitedMs] = await timed(async () => uploader.send(await pictures.jpeg()))
  expect(refused.status).toBe(503)
  expect(waitedMs).toBeLessThan(redWithinMs)
  await redis.set('maxmemory', '0')
  const before = load.acknowledged.length
  await vi.waitFor(() => expect(load.acknowledged.length).toBeGreaterThan(before), { timeout: recoveredWithinMs })
  await load.end()

  await expectRefusalsInWords(load.refusals)
  await expectWhole(client, server.url, load.acknowledged)
  await server.stop()
  await expectSwept(env, uid)
})

async function timed<T>(work: () => Promise<T>): Promise<[T, number]> {
  const started = performance.now()
  return [await work(), performance.now() - started]
}
