import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { measure } from '../measure.ts'
import { startNginx } from '../nginx.ts'
import { photograph } from '../picture.ts'
import type { Scenario } from '../result.ts'
import { startSite } from '../site.ts'
import { upload } from '../upload.ts'
import { wrk } from '../wrk.ts'

export const scenario: Scenario = {
  summary: 'the bytes of one picture of 100 KB again and again, SQLite and files, 32 connections',
  async run() {
    const site = await startSite()
    const { id } = await upload(site, await site.account(), await photograph())
    const bytes = await (await fetch(`${site.url}/i/${id}`)).bytes()
    const folder = await mkdtemp(join(tmpdir(), 'imagehost-bytes-'))
    await writeFile(join(folder, 'photo.jpg'), bytes)
    const nginx = await startNginx(folder)
    const load = (url: string) => (seconds: number) => wrk({ url, connections: 32 }, seconds)
    const { ours, reference } = await measure({
      ours: { pid: site.pid, load: load(`${site.url}/i/${id}`) },
      reference: { pid: nginx.pid, load: load(`${nginx.url}/photo.jpg`) },
    })
    await Promise.all([site.stop(), nginx.stop()])
    await rm(folder, { recursive: true })
    return [
      {
        work: '100 KB out, hot',
        unit: 'requests/s',
        ours: ours.perSecond,
        reference: { name: 'nginx, sendfile, one worker', value: reference.perSecond },
        goal: { atLeast: 0.7 },
      },
      {
        work: '100 KB out, hot',
        unit: 'µs CPU',
        ours: ours.cpuMicroseconds,
        reference: { name: 'nginx, sendfile, one worker', value: reference.cpuMicroseconds },
        goal: { atMost: 1 / 0.7 },
      },
    ]
  },
}
