import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type Client, createClient, type Image } from '@imagehost/client'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type RedisServer, startRedis } from '../../../scripts/redis/start-redis.ts'
import { pictures } from './testing/pictures.ts'
import { type ServerProcess, startServerProcess } from './testing/start-server-process.ts'
import { startTestApp } from './testing/start-test-app.ts'
import { createUploader, sha256, type Uploader } from './testing/uploader.ts'

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
    const acknowledged: Image[] = []
    const refusals: Response[] = []
    let seed = 0
    let isOver = false
    const { promise: busy, resolve: isBusy } = Promise.withResolvers<void>()

    const uploading = async (upload: (bytes: Buffer) => Promise<Response>) => {
      while (!isOver) {
        const answer = await upload(await pictures.jpeg({ seed: seed++ }))
        if (answer.ok) acknowledged.push((await answer.json()) as Image)
        else refusals.push(answer)
        if (acknowledged.length === enough) isBusy()
      }
    }
    const people = [
      uploading(uploader.send),
      uploading(uploader.send),
      uploading(sendDirectly),
      uploading(sendDirectly),
    ]
    await busy
    if (fate === 'killed') await redis.kill()
    else process.kill(redis.pid, 'SIGSTOP')
    await vi.waitFor(() => expect(refusals.length).toBeGreaterThan(enough), { timeout: 10_000 })
    if (fate === 'killed') await redis.restart()
    else process.kill(redis.pid, 'SIGCONT')
    const afterwards = acknowledged.length + enough
    await vi.waitFor(() => expect(acknowledged.length).toBeGreaterThan(afterwards), { timeout: 2 * recoveredWithinMs })
    isOver = true
    await Promise.all(people)

    for (const refusal of refusals) {
      expect(refusal.status).toBe(503)
      expect(['service_error', 'save_error']).toContain((await refusal.json()).error.code)
      expect(Number(refusal.headers.get('retry-after'))).toBeGreaterThan(0)
    }
    const listed = await listAll()
    const ids = listed.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids).toEqual(expect.arrayContaining(acknowledged.map(({ id }) => id)))
    for (const { id, sha256: expected } of listed) {
      const served = await fetch(`${server.url}/i/${id}`)
      expect(served.status).toBe(200)
      expect(sha256(await served.arrayBuffer())).toBe(expected)
    }
    await server.stop()
    await expectSwept()
  },
)

test('an upload whose completion fell into the outage is one image when the call is repeated', async () => {
  const id = await uploader.stage(await pictures.jpeg())
  await redis.kill()
  expect((await uploader.complete(id)).status).toBe(503)
  await redis.restart()
  await vi.waitFor(async () => expect((await uploader.complete(id)).status).toBe(201), { timeout: recoveredWithinMs })
  expect((await listAll()).map((image) => image.id)).toEqual([id])
})

/** Longer than any draft lives. */
const draftMs = 3 * 3_600_000

/** Once the sweeper has come, there are the bytes of the listed images and no others, and they are what is counted. */
async function expectSwept(): Promise<void> {
  const app = await startTestApp(env, { clock: { now: () => Date.now() + draftMs } })
  await app.sweeper.sweep()
  const { items: listed } = await app.metadata.imageIndex.list(uid, { limit: 10_000 })
  const blobs = await Array.fromAsync(app.blobs.list(''))
  expect(blobs.map(({ key }) => key).sort()).toEqual(listed.map(({ key }) => key).sort())
  const bytes = blobs.reduce((sum, { size }) => sum + size, 0)
  expect(await app.metadata.images.usage(uid)).toEqual({ images: listed.length, bytes })
  await app.stop()
}

/** Uploads before the fault, and after it; refusals during it. */
const enough = 20

/** By a presigned address; a request that is refused is the answer. */
async function sendDirectly(bytes: Buffer): Promise<Response> {
  const requested = await uploader.request()
  if (!requested.ok) return requested
  const { iid, presigned_url: address } = await requested.json()
  await uploader.put(address, bytes)
  return uploader.complete(iid)
}

async function listAll(): Promise<Image[]> {
  const images: Image[] = []
  let cursor: string | undefined
  do {
    const page = await client.images.list({ query: { limit: 200, ...(cursor && { cursor }) } })
    images.push(...page.items)
    cursor = page.next_cursor
  } while (cursor)
  return images
}
