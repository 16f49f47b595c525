import { createClient, type Image } from '@imagehost/client'
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest'
import { createBucket } from './testing/create-bucket.ts'
import { pictures } from './testing/pictures.ts'
import { type ServerProcess, startServerProcess } from './testing/start-server-process.ts'
import { createUploader, sha256 } from './testing/uploader.ts'

/** Two servers on one Redis, or one Cluster, and one bucket. */
const engines: Record<string, Record<string, string>> = {
  Redis: { REDIS_URL: `${inject('redisUrl')}/1` },
  'Redis Cluster': { REDIS_CLUSTER_URLS: inject('redisClusterUrls').join(',') },
}
const secret = { SECRET_KEY: 'of these tests, and of nothing else' }

/** The lease of a paused worker, and a good while. */
const winMs = 20_000

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
    for (let seed = 0; seed < 12; seed++) {
      const id = await at(node, apiKey).stage(await pictures.jpegWithGps({ seed }))
      const nodes = [node, other, node, other]
      const answers = await Promise.all(nodes.map((each) => at(each, apiKey).complete(id)))
      const statuses = answers.map(({ status }) => status)
      expect(statuses).toContain(201)
      expect([201, 409]).toEqual(expect.arrayContaining(statuses))
      const images = await Promise.all([completed(node, apiKey, id), completed(other, apiKey, id)])
      expect(factsOf(images[0])).toEqual(factsOf(images[1]))
      await expectServed([node, other], images[0])
    }
    expect((await listed(other, apiKey)).length).toBe(12)
    await other.stop()
  })

  test.for(['decode', 'store'])('of a node paused after %s and one that overtakes it, one wins', async (step) => {
    const paused = await startServerProcess({ ...env, STOP_AT_STEP: step })
    const apiKey = await newKey(node)
    const id = await at(node, apiKey).stage(await pictures.jpegWithGps({ seed: 100 }))
    const late = at(paused, apiKey).complete(id)
    await paused.stopped
    expect((await at(node, apiKey).complete(id)).status).toBe(409)
    const winner = await vi.waitFor(() => completed(node, apiKey, id), { timeout: winMs, interval: 500 })

    await paused.kill('SIGCONT')
    const answer = await late
    // It may find its connection to Redis closed after such a pause, and say so; never that it made an image of its own.
    expect([409, 503]).toContain(answer.status)
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
    const repeated = await vi.waitFor(() => completed(paused, apiKey, id), { timeout: winMs, interval: 200 })
    expect(factsOf(repeated)).toEqual(factsOf(winner))
    expect(await listed(node, apiKey)).toEqual([winner])
    await expectServed([node, paused], winner)
    await paused.stop()
  })
})

async function newKey({ url }: ServerProcess): Promise<string> {
  return (await createClient({ baseUrl: url }).accounts.issueDevKey()).api_key
}

const at = ({ url }: ServerProcess, apiKey: string) => createUploader({ url, apiKey })

/** The image, as a repetition of the call answers. */
async function completed(node: ServerProcess, apiKey: string, id: string): Promise<Image> {
  const answer = await at(node, apiKey).complete(id)
  expect(answer.status).toBe(201)
  const image = (await answer.json()) as Image
  expect(image.id).toBe(id)
  return image
}

/** Without the addresses, which begin with the name by which a node was called. */
const factsOf = ({ url: _, links: __, ...facts }: Image) => facts

async function listed({ url }: ServerProcess, apiKey: string): Promise<Image[]> {
  return (await createClient({ baseUrl: url, apiKey }).images.list()).items
}

async function expectServed(nodes: readonly ServerProcess[], { id, sha256: expected }: Image): Promise<void> {
  for (const { url } of nodes) {
    const served = await fetch(`${url}/i/${id}`)
    expect(served.status).toBe(200)
    expect(sha256(await served.arrayBuffer())).toBe(expected)
  }
}
