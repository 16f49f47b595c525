import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createClient } from '@imagehost/client'
import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest'
import { createBucket } from './testing/create-bucket.ts'
import { pictures } from './testing/pictures.ts'
import { type ServerProcess, startServerProcess } from './testing/start-server-process.ts'
import { startTestApp } from './testing/start-test-app.ts'

/** A real server process whose S3 freezes. */
const s3 = inject('s3')
let env: Record<string, string>
let server: ServerProcess
let apiKey: string

beforeAll(async () => {
  const DATA_DIR = await mkdtemp(path.join(tmpdir(), 'imagehost-outage-'))
  env = { DATA_DIR, ...(await createBucket(s3)).env }
  server = await startServerProcess(env)
  apiKey = (await createClient({ baseUrl: server.url }).accounts.issueDevKey()).api_key
})

afterAll(async () => {
  await server.stop()
  await rm(env.DATA_DIR!, { recursive: true })
})

/** The promise is 2 seconds; the rest is for a machine under load. */
const redWithinMs = 3_000
/** Attempts are repeated before the caller is told. */
const refusedWithinMs = 15_000
const recoveredWithinMs = 5_000
/** Longer than any draft lives. */
const draftMs = 3 * 3_600_000

test('while S3 is frozen uploads are 503 with Retry-After, and then the server recovers and completes them', async () => {
  const before = await call('upload', await pictures.jpeg())
  expect(before.status).toBe(201)
  const { id: hot } = await before.json()
  expect((await fetch(`${server.url}/i/${hot}`)).status).toBe(200)
  const iid = await stage(await pictures.jpeg({ seed: 1 }))

  process.kill(-s3.pid, 'SIGSTOP')
  try {
    await vi.waitFor(async () => expect((await fetch(`${server.url}/ready`)).status).toBe(503), {
      timeout: redWithinMs,
    })
    expect((await fetch(`${server.url}/live`)).status).toBe(200)
    // What needs no storage goes on: a hot picture, a redirect, a list, an address for later.
    expect((await fetch(`${server.url}/i/${hot}`)).status).toBe(200)
    expect((await fetch(`${server.url}/api/v1/image/${hot}`, { redirect: 'manual' })).status).toBe(302)
    expect((await createClient({ baseUrl: server.url, apiKey }).images.list()).items).toHaveLength(1)
    expect((await call('upload/request', { filename: 'b.jpg', mime_type: 'image/jpeg' })).status).toBe(200)

    const started = performance.now()
    const refusals = await Promise.all([
      call('upload/complete', { iid }),
      call('upload', await pictures.jpeg({ seed: 2 })),
    ])
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
    const answer = await call('upload/complete', { iid })
    expect(answer.status).toBe(201)
    expect((await answer.json()).id).toBe(iid)
  }
  await vi.waitFor(completed, { timeout: recoveredWithinMs })
  expect(performance.now() - back).toBeLessThan(recoveredWithinMs)
  expect((await fetch(`${server.url}/ready`)).status).toBe(200)
  const { items } = await createClient({ baseUrl: server.url, apiKey }).images.list()
  expect(items.map(({ id }) => id).sort()).toEqual([hot, iid].sort())

  // What was refused may have arrived in the storage all the same when that woke up.
  await server.stop()
  const app = await startTestApp(env, { clock: { now: () => Date.now() + draftMs } })
  await app.sweeper.sweep()
  const keys = (await Array.fromAsync(app.blobs.list(''))).map(({ key }) => key)
  expect(keys.sort()).toEqual(items.map(({ key }) => key).sort())
  await app.stop()
})

const call = (action: string, body: Buffer | object) =>
  fetch(`${server.url}/api/v1/${action}`, {
    method: 'POST',
    headers: { 'x-api-key': apiKey, 'content-type': Buffer.isBuffer(body) ? 'image/jpeg' : 'application/json' },
    body: Buffer.isBuffer(body) ? new Uint8Array(body) : JSON.stringify(body),
  })

async function stage(bytes: Buffer): Promise<string> {
  const request = await call('upload/request', { filename: 'a.jpg', mime_type: 'image/jpeg' })
  const { iid, presigned_url: address, headers } = await request.json()
  expect((await fetch(address, { method: 'PUT', headers, body: new Uint8Array(bytes) })).status).toBe(200)
  return iid
}
