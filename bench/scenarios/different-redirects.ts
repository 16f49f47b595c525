import { fillRedis, idOf } from '../collection.ts'
import { measure } from '../measure.ts'
import { startReference } from '../reference.ts'
import type { Scenario } from '../result.ts'
import { startSiteOnServers } from '../site.ts'
import { pathsInTurn, wrk } from '../wrk.ts'

const images = 100_000
/** gunicorn with two workers, on the machine where the goals were set; it asks for a fifteenth of its CPU. */
const flaskMicroseconds = 1_080

export const scenario: Scenario = {
  summary: `${images} different images in turn, Redis and S3, 32 connections`,
  async run() {
    const site = await startSiteOnServers({ s3: true })
    const { uid } = await site.account()
    await fillRedis(site.redisUrl!, () => uid, { images })
    const bare = await startReference('redis-redirect', [site.redisUrl!])
    const lua = pathsInTurn(Array.from({ length: images }, (_, n) => `/api/v1/image/${idOf(n)}`))
    const load = (url: string) => (seconds: number) => wrk({ url, connections: 32, lua }, seconds)
    const { ours, reference } = await measure({
      ours: { pid: site.pid, load: load(site.url) },
      reference: { pid: bare.pid, load: load(bare.url) },
    })
    await Promise.all([site.stop(), bare.stop()])
    const work = '100,000 different redirects, Redis'
    return [
      {
        work,
        unit: 'µs CPU',
        ours: ours.cpuMicroseconds,
        reference: { name: 'node:http, one Redis read, one S3 signature', value: reference.cpuMicroseconds },
        goal: { atMost: 1 / 0.85 },
      },
      { work, unit: 'µs CPU', ours: ours.cpuMicroseconds, goal: { atMost: flaskMicroseconds / 15 } },
    ]
  },
}
