import { createClient, type Image } from '@imagehost/client'
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest'
import { createBucket } from './testing/create-bucket.ts'
import { pictures } from './testing/pictures.ts'
import { type ServerProcess, startServerProcess } from './testing/start-server-process.ts'
import { startTestApp } from './testing/start-test-app.ts'
import { createUploader, sha256, type Uploader } from './testing/uploader.ts'

/** Several servers on one Redis, or one Cluster, and one bucket. */
const engines: Record<string, Record<string, string>> = {
  Redis: { REDIS_URL: `${inject('redisUrl')}/1` },
  'Redis Cluster': { REDIS_CLUSTER_URLS: inject('redisClusterUrls').join(',') },
}
const secret = { SECRET_KEY: 'of these tests, and of nothing else' }

/** Longer than the lease of a paused worker. */
const leaseMs = 11_000
const winMs = 2 * leaseMs

describe.concurrent.each(Object.entries(engines))('%s', (_, engine) => {
  let env: Record<string, string>
  let node: ServerProcess

  beforeAll(async () => {
    env = { ...engine, ...secret, ...(await createBucket(inject('s3'))).env }
    node = await startServerProcess(env)
  })

  afterAll(() => node.stop())

  test('two nodes that complete one upload at once make one image of it', async () => {
    const other = await startServerProcess(env)
    const apiKey = await newKey(node)
    const here = at(node, apiKey)
    const there = at(other, apiKey)
    for (let seed = 0; seed < 12; seed++) {
      const id = await here.stage(await pictures.jpegWithGps({ seed }))
      const answers = await Promise.all([here, there, here, there].map((each) => each.complete(id)))
      const statuses = answers.map(({ status }) => status)
      expect(statuses).toContain(201)
      expect([201, 409]).toEqual(expect.arrayContaining(statuses))
      const images = await Promise.all([completed(here, id), completed(there, id)])
      expect(factsOf(images[0])).toEqual(factsOf(images[1]))
      await expectServed([node, other], images[0])
    }
    expect(await listed(other, apiKey)).toHaveLength(12)
    await other.stop()
  })

  test.for(['decode', 'store'])('of a node paused after %s and one that overtakes it, one wins', async (step) => {
    const paused = await startServerProcess({ ...env, STOP_AT_STEP: step })
    const apiKey = await newKey(node)
    const overtaking = at(node, apiKey)
    const overtaken = at(paused, apiKey)
    const id = await overtaking.stage(await pictures.jpegWithGps({ seed: 100 }))
    const late = overtaken.complete(id)
    await paused.stopped
    expect((await overtaking.complete(id)).status).toBe(409)
    const winner = await vi.waitFor(() => completed(overtaking, id), { timeout: winMs, interval: 500 })

    await paused.kill('SIGCONT')
    const answer = await late
    // Its connections may have ended in such a pause; then it says so, and never that it made an image of its own.
    expect([409, 503]).toContain(answer.status)
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
    const repeated = await vi.waitFor(() => completed(overtaken, id), { timeout: winMs, interval: 200 })
    expect(factsOf(repeated)).toEqual(factsOf(winner))
    expect((await listed(node, apiKey)).map(factsOf)).toEqual([factsOf(winner)])
    await expectServed([node, paused], winner)
    await paused.stop()
  })

  test.for([
    ['claim', 201],
    ['receive', 409],
    ['decode', 409],
    ['store', 409],
  ] as const)(
    'a node held after %s past its lease, all its connections alive, cannot commit',
    async ([step, status]) => {
      const { overtaken, late, release, winner, apiKey, stop } = await overtakenAt(step, env, node)
      release()
      // At first it finds the winner's image, later that somebody else is at it.
      expect((await late).status).toBe(status)
      expect(await completed(overtaken, winner.id)).toEqual(winner)
      expect((await listed(node, apiKey)).map(factsOf)).toEqual([factsOf(winner)])
      await expectServed([node], winner)
      await stop()
    },
  )

  test('a node held past its lease leaves nothing of an image that was deleted meanwhile', async () => {
    const { late, release, winner, apiKey, fast, stop } = await overtakenAt('decode', env, node)
    await fast.client(apiKey).images.delete({ params: { id: winner.id } })
    release()
    expect((await late).status).toBe(404)
    const keys = (await Array.fromAsync(fast.blobs.list(''))).map(({ key }) => key)
    expect(keys.filter((key) => key.includes(winner.id))).toEqual([])
    expect(await listed(node, apiKey)).toEqual([])
    await stop()
  })
})

/** Two servers in this process: one is held after the step, its clock with it; the other comes after its lease and wins. */
async function overtakenAt(step: string, env: Record<string, string>, node: ServerProcess) {
  const now = Date.now()
  const { promise: reached, resolve: reach } = Promise.withResolvers<void>()
  const { promise: released, resolve: release } = Promise.withResolvers<void>()
  const onStep = (name: string) => {
    if (name !== step) return
    reach()
    return released
  }
  const slow = await startTestApp(env, { clock: { now: () => now }, onStep })
  const fast = await startTestApp(env, { clock: { now: () => now + leaseMs } })
  const apiKey = await newKey(node)
  const id = await at(node, apiKey).stage(await pictures.jpegWithGps({ seed: 200 }))
  const overtaken = createUploader({ url: 'http://images.test', apiKey, fetch: slow.fetch })
  const late = overtaken.complete(id)
  await reached
  const winner = await completed(createUploader({ url: 'http://images.test', apiKey, fetch: fast.fetch }), id)
  const stop = () => Promise.all([slow.stop(), fast.stop()])
  return { overtaken, late, release, winner, apiKey, fast, stop }
}

async function newKey({ url }: ServerProcess): Promise<string> {
  return (await createClient({ baseUrl: url, retries: 0 }).accounts.issueDevKey()).api_key
}

const at = ({ url }: ServerProcess, apiKey: string) => createUploader({ url, apiKey })

/** The image, as a call of `complete` answers. */
async function completed(uploader: Uploader, id: string): Promise<Image> {
  const answer = await uploader.complete(id)
  expect(answer.status).toBe(201)
  const image = (await answer.json()) as Image
  expect(image.id).toBe(id)
  return image
}

/** Without the addresses, which begin with the name by which a node was called, or are told only to who uploads. */
const factsOf = ({ url: _, page_url: _____, thumbnail_url: __, delete_url: ___, links: ____, ...facts }: Image) => facts

async function listed({ url }: ServerProcess, apiKey: string): Promise<Image[]> {
  return (await createClient({ baseUrl: url, retries: 0, apiKey }).images.list()).items
}

async function expectServed(nodes: readonly ServerProcess[], { id, sha256: expected }: Image): Promise<void> {
  for (const { url } of nodes) {
    const served = await fetch(`${url}/i/${id}`)
    expect(served.status).toBe(200)
    expect(sha256(await served.arrayBuffer())).toBe(expected)
  }
}
