import { createClient, type Image } from '@imagehost/client'
import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest'
import { createBucket } from '../packages/server/src/testing/create-bucket.ts'
import { pictures } from '../packages/server/src/testing/pictures.ts'
import { type ServerProcess, startServerProcess } from '../packages/server/src/testing/start-server-process.ts'
import { createUploader, sha256 } from '../packages/server/src/testing/uploader.ts'
import { freePort } from '../scripts/free-port.ts'
import { type Nginx, startNginx } from './testing/start-nginx.ts'

/** Two servers on one Redis Cluster and one bucket, behind the nginx that deploy.sh sets up: what people see of them. */
let env: Record<string, string>
let ports: number[]
let servers: ServerProcess[]
let nginx: Nginx
let apiKey: string

const start = (port: number) => startServerProcess({ ...env, PORT: String(port) })

beforeAll(async () => {
  env = {
    REDIS_CLUSTER_URLS: inject('redisClusterUrls').join(','),
    SECRET_KEY: 'of these tests, and of nothing else',
    TRUSTED_PROXIES: '127.0.0.1',
    ...(await createBucket(inject('s3'))).env,
  }
  ports = [await freePort(), await freePort()]
  servers = await Promise.all(ports.map(start))
  nginx = await startNginx({ ports })
  apiKey = (await createClient({ baseUrl: nginx.url }).accounts.issueDevKey()).api_key
})

afterAll(async () => {
  await nginx.stop()
  await Promise.all(servers.map((server) => server.stop()))
})

/** The SDK as people use it: with its own retries. */
const client = () => createClient({ baseUrl: nginx.url, apiKey })

test('an upload that is begun on one is completed on the other, seen on both, and deleted on both within a second', async () => {
  const [here, there] = servers.map(({ url }) => createUploader({ url, apiKey }))
  const bytes = await pictures.jpegWithGps({ seed: 1 })
  const id = await here!.stage(bytes)
  const completed = await there!.complete(id)
  expect(completed.status).toBe(201)
  const { sha256: expected } = (await completed.json()) as Image
  const addresses = [...servers.map(({ url }) => url), nginx.url].map((url) => `${url}/i/${id}`)
  for (const address of addresses) expect(sha256(await (await fetch(address)).arrayBuffer())).toBe(expected)
  await client().images.delete({ params: { id } })
  const deleted = performance.now()
  await vi.waitFor(async () => {
    for (const address of addresses) expect((await fetch(address)).status).toBe(404)
  })
  expect(performance.now() - deleted).toBeLessThan(1_000)
})

test.concurrent('an upload whose server is killed in the middle of it is one image by the retries of the SDK', {
  timeout: 60_000,
}, async () => {
  const doomed = await startServerProcess({ ...env, STOP_AT_STEP: 'decode' })
  void doomed.stopped.then(() => doomed.kill())
  // The balancer sends the first attempt there, and the others to who is left.
  let calls = 0
  const viaDoomed: typeof fetch = (input, init) => {
    const { pathname, search } = new URL(String(input))
    return fetch(`${calls++ === 0 ? doomed.url : nginx.url}${pathname}${search}`, init)
  }
  const sdk = createClient({ baseUrl: nginx.url, apiKey, fetch: viaDoomed })
  const { id } = await sdk.upload(await pictures.jpeg({ seed: 2 }), { direct: false })
  expect(calls).toBeGreaterThan(2)
  expect((await fetch(`${nginx.url}/i/${id}`)).status).toBe(200)
  await doomed.stop()
})

test.concurrent('one is killed under load, then both are restarted in turn: no GET fails, no upload is lost', {
  timeout: 90_000,
}, async () => {
  const load = await startLoad()
  await servers[0]!.kill('SIGKILL')
  await load.goOn()
  servers[0] = await start(ports[0]!)
  for (const [at, port] of ports.entries()) {
    await servers[at]!.kill('SIGTERM')
    servers[at] = await start(port)
    await load.goOn()
  }
  await load.end()
})

/** What has to be done in each phase before it is left. */
const enough = { looks: 50, uploads: 3 }

/**
 * People who look at a picture without pause, and others who upload by the SDK, half of them straight to the storage. They are
 * more than a killed server can keep waiting for its lease.
 */
async function startLoad() {
  const known = await client().upload(await pictures.jpeg({ seed: 500 }), { direct: false })
  const uploaded: Image[] = []
  const refused: unknown[] = []
  let looks = 0
  let isOver = false
  let seed = 1_000 + Math.floor(performance.now()) * 100

  const look = async () => {
    while (!isOver) {
      const answer = await fetch(`${nginx.url}/i/${known.id}`)
      const bytes = Buffer.from(await answer.arrayBuffer())
      if (answer.status === 200 && sha256(bytes) === known.sha256) looks++
      else refused.push(`${answer.status} ${bytes.toString('latin1').slice(0, 200)}`)
    }
  }
  const upload = async (direct: boolean) => {
    while (!isOver) {
      const bytes = await pictures.jpeg({ seed: seed++ })
      await client()
        .upload(bytes, { direct })
        .then(
          (image) => uploaded.push(image),
          (error) => refused.push(error),
        )
    }
  }
  const people = [look(), look(), ...[true, true, false, false].map(upload)]

  /** Until so much more was done, or something failed. */
  async function goOn(): Promise<void> {
    const [fromLooks, fromUploads] = [looks, uploaded.length]
    const isDone = () => looks - fromLooks >= enough.looks && uploaded.length - fromUploads >= enough.uploads
    await vi.waitFor(() => expect(refused.length > 0 || isDone()).toBe(true), { timeout: 30_000 })
  }

  async function end(): Promise<void> {
    isOver = true
    await Promise.all(people)
    expect(refused).toEqual([])
    // Some at a time, half of them on each.
    const looking = uploaded.map(({ id, sha256: expected }, at) => ({
      address: `${servers[at % 2]!.url}/i/${id}`,
      expected,
    }))
    while (looking.length > 0) {
      await Promise.all(
        looking.splice(0, 8).map(async ({ address, expected }) => {
          const served = await fetch(address)
          expect({ address, sha256: sha256(await served.arrayBuffer()) }).toEqual({ address, sha256: expected })
        }),
      )
    }
    expect(new Set(uploaded.map(({ id }) => id)).size).toBe(uploaded.length)
  }

  await goOn()
  return { goOn, end }
}
