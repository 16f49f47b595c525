import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type Client, createClient } from '@imagehost/client'
import { afterEach, beforeEach, expect, inject, test, vi } from 'vitest'
import { killGateway, restartGateway } from '../../../scripts/s3/gateway.ts'
import { expectWellADayLater } from './testing/a-day-later.ts'
import { createBucket } from './testing/create-bucket.ts'
import { pictures } from './testing/pictures.ts'
import { type ServerProcess, startServerProcess } from './testing/start-server-process.ts'
import { startUploadLoad } from './testing/upload-load.ts'
import { createUploader, type Uploader } from './testing/uploader.ts'
import { expectWhole } from './testing/whole-collection.ts'

/** A real server process whose S3 freezes or dies while people upload. */
const s3 = inject('s3')
let env: Record<string, string>
let server: ServerProcess
let client: Client
let uploader: Uploader

beforeEach(async () => {
  const DATA_DIR = await mkdtemp(path.join(tmpdir(), 'imagehost-outage-'))
  env = { DATA_DIR, ...(await createBucket(s3)).env }
  server = await startServerProcess(env)
  const { api_key: apiKey } = await createClient({ baseUrl: server.url, retries: 0 }).accounts.issueDevKey()
  client = createClient({ baseUrl: server.url, retries: 0, apiKey })
  uploader = createUploader({ url: server.url, apiKey })
})

afterEach(async () => {
  await server.stop()
  await rm(env.DATA_DIR!, { recursive: true })
})

/** The promise is 2 seconds; the rest is for a machine under load. */
const redWithinMs = 3_000
/** The promise is 3 seconds; the rest is for a machine under load. */
const refusedWithinMs = 4_500
const recoveredWithinMs = 5_000

const fates = [
  {
    fate: 'frozen',
    begin: async () => void process.kill(-s3.pid, 'SIGSTOP'),
    end: async () => void process.kill(-s3.pid, 'SIGCONT'),
  },
  { fate: 'killed', begin: () => killGateway(s3), end: () => restartGateway(s3) },
]

test.each(fates)(
  'while S3 is $fate under load, uploads are 503 with Retry-After and the rest goes on; then the server recovers, and nothing is lost',
  async ({ begin, end }) => {
    const { promise: isBack, resolve: comeBack } = Promise.withResolvers<void>()
    const load = await startUploadLoad(patient(uploader, isBack))
    const [hot, closed] = load.acknowledged.map(({ id }) => id) as [string, string]
    // In memory from the second reading on.
    for (let reading = 0; reading < 2; reading++) expect((await fetch(`${server.url}/i/${hot}`)).status).toBe(200)
    const iid = await uploader.stage(await pictures.jpeg({ seed: 1_000_001 }))

    await begin()
    try {
      await vi.waitFor(async () => expect((await fetch(`${server.url}/ready`)).status).toBe(503), {
        timeout: redWithinMs,
      })
      expect((await fetch(`${server.url}/live`)).status).toBe(200)
      // What needs no storage goes on: a hot picture, a redirect, a list, an address for later.
      expect((await fetch(`${server.url}/i/${hot}`)).status).toBe(200)
      expect((await fetch(`${server.url}/api/v1/image/${hot}`, { redirect: 'manual' })).status).toBe(302)
      expect((await client.images.list()).items.length).toBeGreaterThan(0)
      expect((await uploader.request()).status).toBe(200)

      // The change counts at once, and has to be sent again, since the storage has to know of it for the day that the database is lost.
      const change = { params: { id: closed }, body: { visibility: 'private' as const } }
      await expect(client.images.update(change)).rejects.toMatchObject({ status: 503, code: 's3_error' })
      expect((await fetch(`${server.url}/i/${closed}`)).status).toBe(404)

      const asked = performance.now()
      const picture = await pictures.jpeg({ seed: 1_000_002 })
      const refusals = await Promise.all([uploader.complete(iid), uploader.send(picture)])
      expect(performance.now() - asked).toBeLessThan(refusedWithinMs)
      for (const refusal of refusals) await expectRefusedInWords(refusal)
    } finally {
      await end()
      comeBack()
    }

    const back = performance.now()
    await client.images.update({ params: { id: closed }, body: { visibility: 'unlisted' } })
    const completed = async () => {
      const answer = await uploader.complete(iid)
      expect(answer.status).toBe(201)
      expect((await answer.json()).id).toBe(iid)
    }
    await vi.waitFor(completed, { timeout: recoveredWithinMs })
    expect(performance.now() - back).toBeLessThan(recoveredWithinMs)
    expect((await fetch(`${server.url}/ready`)).status).toBe(200)
    await load.untilWorking(recoveredWithinMs)
    await load.end()

    for (const refusal of load.refusals) await expectRefusedInWords(refusal)
    await expectWhole(client, server.url, [...load.acknowledged, { id: iid }])
    await server.stop()
    // What was refused may have arrived in the storage all the same when that woke up.
    await expectWellADayLater(env)
  },
)

/** Somebody whose bytes the storage did not take puts them again when it is there, to the same address. */
const patient = (uploader: Uploader, isBack: Promise<void>): Uploader => ({
  ...uploader,
  tryPut: (...put) => uploader.tryPut(...put).catch(() => isBack.then(() => uploader.tryPut(...put))),
})

async function expectRefusedInWords(refusal: Response): Promise<void> {
  expect([refusal.status, (await refusal.json()).error.code]).toEqual([503, 's3_error'])
  expect(Number(refusal.headers.get('retry-after'))).toBeGreaterThan(0)
}
