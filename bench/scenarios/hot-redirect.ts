import { measure } from '../measure.ts'
import { photograph } from '../picture.ts'
import { startReference } from '../reference.ts'
import type { Scenario } from '../result.ts'
import { startSite } from '../site.ts'
import { upload } from '../upload.ts'
import { wrk } from '../wrk.ts'

/** gunicorn with two workers, on the machine where the goals were set. */
const flaskMicroseconds = 1_080

export const scenario: Scenario = {
  summary: 'one image asked for again and again, SQLite and files, 32 connections',
  async run() {
    const site = await startSite()
    const bare = await startReference('constant-redirect')
    const { id } = await upload(site, await site.account(), await photograph())
    const load = (url: string) => (seconds: number) => wrk({ url, connections: 32 }, seconds)
    const { ours, reference } = await measure({
      ours: { pid: site.pid, load: load(`${site.url}/api/v1/image/${id}`) },
      reference: { pid: bare.pid, load: load(bare.url) },
    })
    await Promise.all([site.stop(), bare.stop()])
    return [
      {
        work: 'hot redirect',
        unit: 'requests/s',
        ours: ours.perSecond,
        reference: { name: 'node:http, constant 302', value: reference.perSecond },
        goal: { atLeast: 0.6 },
      },
      { work: 'hot redirect', unit: 'µs CPU', ours: ours.cpuMicroseconds, goal: { atMost: flaskMicroseconds / 50 } },
    ]
  },
}
