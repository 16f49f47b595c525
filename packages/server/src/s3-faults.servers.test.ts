import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createClient } from '@imagehost/client'
import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest'
import { expectWellADayLater } from './testing/a-day-later.ts'
import { createBucket } from './testing/create-bucket.ts'
import { type Fault, type FaultyProxy, startFaultyProxy } from './testing/faulty-proxy.ts'
import { pictures } from './testing/pictures.ts'
import { type ServerProcess, startServerProcess } from './testing/start-server-process.ts'
import { startTestApp } from './testing/start-test-app.ts'
import { createUploader, sha256, type Uploader } from './testing/uploader.ts'

/** A real server process whose way to the storage is bad. */
let proxy: FaultyProxy
let env: Record<string, string>
let server: ServerProcess
let uploader: Uploader
let apiKey: string

beforeAll(async () => {
  const s3 = inject('s3')
  proxy = await startFaultyProxy(s3.endpoint)
  const DATA_DIR = await mkdtemp(path.join(tmpdir(), 'imagehost-faults-'))
  env = { ...(await createBucket(s3)).env, DATA_DIR, AWS_ENDPOINT_URL_S3: proxy.url }
  server = await startServerProcess(env)
  ;({ api_key: apiKey } = await createClient({ baseUrl: server.url }).accounts.issueDevKey())
  uploader = createUploader({ url: server.url, apiKey })
})
afterAll(async () => {
  await server.stop()
  await proxy.stop()
  await rm(env.DATA_DIR!, { recursive: true })
})

/** The promise is 3 seconds; the rest is for a machine under load. */
const toldWithinMs = 4_500
const recoveredWithinMs = 5_000

/** Noise does not pack, so that bodies are longer than what a broken line lets through. */
const noise = (seed: number) => pictures.jpeg({ width: 400, height: 400, seed })
const kept = new Map<string, string>()

async function expectKept(answer: Response): Promise<string> {
  expect(answer.status).toBe(201)
  const { id } = (await answer.json()) as { id: string }
  kept.set(id, sha256(Buffer.from(await (await fetch(`${server.url}/i/${id}`)).arrayBuffer())))
  return id
}

test.each<[Fault, number]>([
  ['slow', 100],
  ['unavailable', 200],
  ['broken', 300],
])(
  'while the storage is %s, nothing that was acknowledged is lost, and all goes on afterwards',
  async (fault, seed) => {
    await expectKept(await uploader.send(await noise(seed)))
    const staged = await uploader.stage(await noise(seed + 1))
    proxy.become(fault)
    const begun = performance.now()
    const answers = await Promise.all([uploader.complete(staged), uploader.send(await noise(seed + 2))])
    expect(performance.now() - begun).toBeLessThan(toldWithinMs)
    for (const answer of answers) {
      expect([fault, answer.status, (await answer.json()).error.code]).toEqual([fault, 503, 's3_error'])
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
    }
    expect((await fetch(`${server.url}/live`)).status).toBe(200)

    proxy.become('none')
    const back = performance.now()
    await vi.waitFor(async () => expect((await uploader.complete(staged)).status).toBe(201), {
      timeout: recoveredWithinMs,
      interval: 100,
    })
    await expectKept(await uploader.complete(staged))
    await expectKept(await uploader.send(await noise(seed + 3)))
    expect(performance.now() - back).toBeLessThan(recoveredWithinMs)
  },
)

test('a day later all that was acknowledged is there, as it was, and nothing else', async () => {
  await server.stop()
  const real = { ...env, AWS_ENDPOINT_URL_S3: inject('s3').endpoint }
  const app = await startTestApp(real)
  expect(new Set((await Array.fromAsync(app.metadata.inventory.images())).map(({ id }) => id))).toEqual(
    new Set(kept.keys()),
  )
  for (const [id, hash] of kept)
    expect(sha256(await (await app.fetch(`http://images.test/i/${id}`)).arrayBuffer())).toBe(hash)
  await app.stop()
  await expectWellADayLater(real)
})
