import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type Client, createClient } from '@imagehost/client'
import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest'
import { createBucket } from './testing/create-bucket.ts'
import { pictures } from './testing/pictures.ts'
import { type ServerProcess, startServerProcess } from './testing/start-server-process.ts'
import { startTestApp } from './testing/start-test-app.ts'
import { createUploader, type Uploader } from './testing/uploader.ts'

/** A real server process whose S3 freezes. */
const s3 = inject('s3')
let env: Record<string, string>
let server: ServerProcess
let client: Client
let uploader: Uploader

beforeAll(async () => {
  const DATA_DIR = await mkdtemp(path.join(tmpdir(), 'imagehost-outage-'))
  env = { DATA_DIR, ...(await createBucket(s3)).env }
  server = await startServerProcess(env)
  const { api_key: apiKey } = await createClient({ baseUrl: server.url, retries: 0 }).accounts.issueDevKey()
  client = createClient({ baseUrl: server.url, retries: 0, apiKey })
  uploader = createUploader({ url: server.url, apiKey })
})

afterAll(async () => {
  await server.stop()
  await rm(env.DATA_DIR!, { recursive: true })
})

/** The promise is 2 seconds; the rest is for a machine under load. */
const redWithinMs = 3_000
/** The promise is 3 seconds; the rest is for a machine under load. */
const refusedWithinMs = 4_500
const recoveredWithinMs = 5_000
/** Longer than any draft lives. */
const draftMs = 3 * 3_600_000

test('while S3 is frozen uploads are 503 with Retry-After, and then the server recovers and completes them', async () => {
  const before = await uploader.send(await pictures.jpeg())
  expect(before.status).toBe(201)
  const { id: hot } = await before.json()
  // In memory from the second reading on.
  for (let reading = 0; reading < 2; reading++) expect((await fetch(`${server.url}/i/${hot}`)).status).toBe(200)
  const iid = await uploader.stage(await pictures.jpeg({ seed: 1 }))

  process.kill(-s3.pid, 'SIGSTOP')
  try {
    await vi.waitFor(async () => expect((await fetch(`${server.url}/ready`)).status).toBe(503), {
      timeout: redWithinMs,
    })
    expect((await fetch(`${server.url}/live`)).status).toBe(200)
    // What needs no storage goes on: a hot picture, a redirect, a list, an address for later.
    expect((await fetch(`${server.url}/i/${hot}`)).status).toBe(200)
    expect((await fetch(`${server.url}/api/v1/image/${hot}`, { redirect: 'manual' })).status).toBe(302)
    expect((await client.images.list()).items).toHaveLength(1)
    expect((await uploader.request()).status).toBe(200)

    const started = performance.now()
    const refusals = await Promise.all([uploader.complete(iid), uploader.send(await pictures.jpeg({ seed: 2 }))])
    expect(performance.now() - started).toBeLessThan(refusedWithinMs)
    for (const refusal of refusals) {
      expect(refusal.status).toBe(503)
      expect((await refusal.json()).error.code).toBe('s3_error')
      expect(Number(refusal.headers.get('retry-after'))).toBeGreaterThan(0)
    }
  } finally {
    process.kill(-s3.pid, 'SIGCONT')
  }

  const back = performance.now()
  const completed = async () => {
    const answer = await uploader.complete(iid)
    expect(answer.status).toBe(201)
    expect((await answer.json()).id).toBe(iid)
  }
  await vi.waitFor(completed, { timeout: recoveredWithinMs })
  expect(performance.now() - back).toBeLessThan(recoveredWithinMs)
  expect((await fetch(`${server.url}/ready`)).status).toBe(200)
  const { items } = await client.images.list()
  expect(items.map(({ id }) => id).sort()).toEqual([hot, iid].sort())

  // What was refused may have arrived in the storage all the same when that woke up.
  await server.stop()
  const app = await startTestApp(env, { clock: { now: () => Date.now() + draftMs } })
  await app.sweeper.sweep()
  const keys = (await Array.fromAsync(app.blobs.list(''))).map(({ key }) => key)
  expect(keys.sort()).toEqual(items.map(({ key }) => key).sort())
  await app.stop()
})
