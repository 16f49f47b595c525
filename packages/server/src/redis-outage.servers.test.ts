import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type Client, createClient } from '@imagehost/client'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type RedisServer, startRedis } from '../../../scripts/redis/start-redis.ts'
import { expectWellADayLater } from './testing/a-day-later.ts'
import { pictures } from './testing/pictures.ts'
import { type ServerProcess, startServerProcess } from './testing/start-server-process.ts'
import { startUploadLoad, type UploadLoad } from './testing/upload-load.ts'
import { createUploader, type Uploader } from './testing/uploader.ts'
import { expectWhole, listAll } from './testing/whole-collection.ts'

/** A real server process and a Redis of its own that dies or freezes while people upload. */
let redis: RedisServer
let env: { DATA_DIR: string; REDIS_URL: string; SECRET_KEY: string }
let server: ServerProcess
let uploader: Uploader
let client: Client

beforeEach(async () => {
  redis = await startRedis()
  const DATA_DIR = await mkdtemp(path.join(tmpdir(), 'imagehost-outage-'))
  env = { DATA_DIR, REDIS_URL: redis.url, SECRET_KEY: 'of these tests, and of nothing else' }
  server = await startServerProcess(env)
  const { api_key: apiKey } = await createClient({ baseUrl: server.url, retries: 0 }).accounts.issueDevKey()
  uploader = createUploader({ url: server.url, apiKey })
  client = createClient({ baseUrl: server.url, retries: 0, apiKey })
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

const fates = [
  { fate: 'stopped', begin: () => redis.terminate(), end: () => redis.restart() },
  { fate: 'killed', begin: () => redis.kill(), end: () => redis.restart() },
  {
    fate: 'frozen',
    begin: async () => void process.kill(redis.pid, 'SIGSTOP'),
    end: async () => void process.kill(redis.pid, 'SIGCONT'),
  },
]

test.each(fates)(
  'while Redis is $fate under load all is 503 with Retry-After; then the server recovers, what was acknowledged is there, and nothing half-made',
  async ({ begin, end }) => {
    const load = await startUploadLoad(uploader)
    const fallen = performance.now()
    await begin()
    await vi.waitFor(async () => expect((await fetch(`${server.url}/ready`)).status).toBe(503), {
      timeout: redWithinMs,
    })
    expect(performance.now() - fallen).toBeLessThan(redWithinMs)
    expect((await fetch(`${server.url}/live`)).status).toBe(200)
    const [refused, waitedMs] = await timed(async () => uploader.send(await pictures.jpeg({ seed: 1_000_001 })))
    expect(waitedMs).toBeLessThan(redWithinMs)
    await expectRefusalsInWords([refused])
    await load.untilRefused()

    await end()
    const back = performance.now()
    await vi.waitFor(
      async () => expect((await uploader.send(await pictures.jpeg({ seed: 1_000_002 }))).status).toBeLessThan(300),
      { timeout: recoveredWithinMs },
    )
    expect(performance.now() - back).toBeLessThan(recoveredWithinMs)
    expect((await fetch(`${server.url}/ready`)).status).toBe(200)
    await load.untilWorking(recoveredWithinMs)
    await load.end()
    await expectNothingLost(load)
  },
)

test('a Redis that is restarted under load takes nothing with it that was acknowledged', async () => {
  const load = await startUploadLoad(uploader)
  await redis.restart()
  await load.untilWorking(recoveredWithinMs)
  await load.end()
  await expectNothingLost(load)
})

test('an upload whose completion fell into the outage is one image when the call is repeated', async () => {
  const id = await uploader.stage(await pictures.jpeg())
  await redis.kill()
  expect((await uploader.complete(id)).status).toBe(503)
  await redis.restart()
  await vi.waitFor(async () => expect((await uploader.complete(id)).status).toBe(201), { timeout: recoveredWithinMs })
  expect((await listAll(client)).map((image) => image.id)).toEqual([id])
  await server.stop()
  await expectWellADayLater(env)
})

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
  await expectNothingLost(load)
})

/** Neither now nor a day later, nor refused without words; the server ends. */
async function expectNothingLost({ refusals, acknowledged }: UploadLoad): Promise<void> {
  await expectRefusalsInWords(refusals)
  await expectWhole(client, server.url, acknowledged)
  await server.stop()
  await expectWellADayLater(env)
}

async function expectRefusalsInWords(refusals: readonly Response[]): Promise<void> {
  for (const refusal of refusals) {
    expect(refusal.status).toBe(503)
    expect(['service_error', 'save_error']).toContain((await refusal.json()).error.code)
    expect(Number(refusal.headers.get('retry-after'))).toBeGreaterThan(0)
  }
}

async function timed<T>(work: () => Promise<T>): Promise<[T, number]> {
  const started = performance.now()
  return [await work(), performance.now() - started]
}
