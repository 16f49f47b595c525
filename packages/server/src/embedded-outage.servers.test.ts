import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type Client, createClient } from '@imagehost/client'
import { afterEach, expect, test, vi } from 'vitest'
import { freePort } from '../../../scripts/free-port.ts'
import { expectWellADayLater } from './testing/a-day-later.ts'
import { pictures } from './testing/pictures.ts'
import { type ServerProcess, startServerProcess } from './testing/start-server-process.ts'
import { startUploadLoad } from './testing/upload-load.ts'
import { createUploader, type Uploader } from './testing/uploader.ts'
import { expectWhole } from './testing/whole-collection.ts'

/** The embedded engines, all on one disk, in a process that may end at any moment. */
let stop = async () => {}
afterEach(() => stop())

interface Site {
  env: { DATA_DIR: string; PORT: string }
  server: ServerProcess
  client: Client
  uploader: Uploader
}

async function startSite(DATA_DIR: string): Promise<Site> {
  const env = { DATA_DIR, PORT: String(await freePort()) }
  const server = await startServerProcess(env)
  const { api_key: apiKey } = await createClient({ baseUrl: server.url, retries: 0 }).accounts.issueDevKey()
  const client = createClient({ baseUrl: server.url, retries: 0, apiKey })
  return { env, server, client, uploader: createUploader({ url: server.url, apiKey }) }
}

const redWithinMs = 3_000
const recoveredWithinMs = 5_000

test.each(['SIGTERM', 'SIGKILL'] as const)(
  'after %s under load, what was acknowledged is there within seconds of the next start, and nothing half-made',
  async (signal) => {
    const directory = mkdtempSync(path.join(tmpdir(), 'imagehost-death-'))
    const { env, server, client, uploader } = await startSite(directory)
    let running = server
    stop = async () => {
      await running.stop()
      rmSync(directory, { recursive: true })
    }
    const load = await startUploadLoad(uploader, { mayBreakOff: true })
    await server.kill(signal)
    running = await startServerProcess(env)
    await load.untilWorking(2 * recoveredWithinMs)
    await load.end()

    for (const refusal of load.refusals) {
      // Completions of before find the lease of who died.
      expect([409, 503]).toContain(refusal.status)
      expect(Number(refusal.headers.get('retry-after'))).toBeGreaterThan(0)
    }
    await expectWhole(client, running.url, load.acknowledged)
    await running.kill()
    await expectWellADayLater(env)
  },
)

/** A disk of its own, where this process may mount one. */
function mountSmallDisk(): { directory: string; unmount: () => void } | undefined {
  const directory = mkdtempSync(path.join(tmpdir(), 'imagehost-disk-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=24m,mode=0700', 'none', directory], { stdio: 'ignore' })
  } catch {
    rmSync(directory, { recursive: true })
    return undefined
  }
  const unmount = () => {
    execFileSync('umount', ['--lazy', directory])
    rmSync(directory, { recursive: true })
  }
  return { directory, unmount }
}

const disk = mountSmallDisk()
if (!disk) process.stderr.write('No disk may be mounted here, so the journey with a full one is left out.\n')
else
  test('while the disk is full, uploads are refused in words and pictures are looked at; with room again all goes on', async () => {
    const { directory, unmount } = disk
    const { env, server, client, uploader } = await startSite(directory)
    stop = async () => {
      await server.stop()
      unmount()
    }
    const load = await startUploadLoad(uploader)
    const ballast = path.join(directory, 'ballast')
    expect(() => writeFileSync(ballast, Buffer.alloc(32 * 1024 * 1024))).toThrow('ENOSPC')
    await load.untilRefused()
    const [known] = load.acknowledged
    expect((await fetch(`${server.url}/i/${known!.id}`)).status).toBe(200)
    const asked = performance.now()
    const refused = await uploader.send(await pictures.jpeg({ seed: 1_000_000 }))
    expect({ status: refused.status, code: (await refused.json()).error.code }).toEqual({
      status: 503,
      code: expect.stringMatching(/^(s3|service|save)_error$/),
    })
    expect(performance.now() - asked).toBeLessThan(redWithinMs)

    rmSync(ballast)
    const before = load.acknowledged.length
    await vi.waitFor(() => expect(load.acknowledged.length).toBeGreaterThan(before), { timeout: recoveredWithinMs })
    await load.end()
    for (const refusal of load.refusals) {
      expect([503, 507]).toContain(refusal.status)
      expect(Number(refusal.headers.get('retry-after'))).toBeGreaterThan(0)
    }
    await expectWhole(client, server.url, load.acknowledged)
    await server.kill()
    await expectWellADayLater(env)
  })
