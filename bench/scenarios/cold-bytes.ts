import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { measure } from '../measure.ts'
import { photograph } from '../picture.ts'
import { startReference } from '../reference.ts'
import type { Scenario } from '../result.ts'
import { startSite } from '../site.ts'
import { upload } from '../upload.ts'
import { pathsInTurn, wrk } from '../wrk.ts'

/** 80 MB together, of which the server keeps 32 in memory; asked in turn, so that none is ever found there. */
const images = 800
const uploadsAtOnce = 8
/** A quarter of @fastify/static, whose 758 µs were 4.92 times one readFile on the machine where the goals were set. */
const goal = { atMost: 758 / 154 / 4 }

export const scenario: Scenario = {
  summary: `the bytes of ${images} pictures of 100 KB in turn, SQLite and files, 32 connections`,
  async run() {
    const picture = await photograph()
    // Making variants of what was uploaded for this is no part of reading it.
    const site = await startSite({ VARIANTS_AHEAD: '0' })
    const account = await site.account()
    const ids: string[] = []
    const uploader = async () => {
      while (ids.length < images) ids.push((await upload(site, account, picture)).id)
    }
    await Promise.all(Array.from({ length: uploadsAtOnce }, uploader))
    const folder = await mkdtemp(join(tmpdir(), 'imagehost-bytes-'))
    await Promise.all(ids.map((id) => writeFile(join(folder, id), picture)))
    const bare = await startReference('read-file', [folder])
    const load = (url: string, paths: string[]) => (seconds: number) =>
      wrk({ url, connections: 32, lua: pathsInTurn(paths) }, seconds)
    const { ours, reference } = await measure({
      ours: {
        pid: site.pid,
        load: load(
          site.url,
          ids.map((id) => `/i/${id}`),
        ),
      },
      reference: {
        pid: bare.pid,
        load: load(
          bare.url,
          ids.map((id) => `/${id}`),
        ),
      },
    })
    await Promise.all([site.stop(), bare.stop()])
    await rm(folder, { recursive: true })
    return [
      {
        work: '100 KB out, cold',
        unit: 'µs CPU',
        ours: ours.cpuMicroseconds,
        reference: { name: 'node:http, one readFile', value: reference.cpuMicroseconds },
        goal,
      },
    ]
  },
}
