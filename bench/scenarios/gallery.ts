import { fillRedis, fillSqlite } from '../collection.ts'
import { type Contestant, measure } from '../measure.ts'
import type { Result, Scenario } from '../result.ts'
import { type Account, type Site, startSite, startSiteOnServers } from '../site.ts'
import { wrk } from '../wrk.ts'

const small = { images: 100 }
const large = { images: 100_000, first: 100 }
/** gunicorn with four workers, on the machine where the goals were set; it asks for a tenth of its CPU. */
const flaskMicroseconds = 2_970

export const scenario: Scenario = {
  summary: 'the first page of 50 images, of an account with 100 and of one with 100,000, 8 connections',
  async run() {
    return [...(await measureOn('SQLite')), ...(await measureOn('Redis'))]
  },
}

async function measureOn(engine: 'SQLite' | 'Redis'): Promise<Result[]> {
  const site = await (engine === 'SQLite' ? startSite() : startSiteOnServers({ s3: false }))
  const [few, many] = [await site.account(), await site.account()]
  for (const [{ uid }, filling] of [[few, small] as const, [many, large] as const]) {
    if (engine === 'SQLite') fillSqlite(site.directory, uid, filling)
    else await fillRedis(site.redisUrl!, () => uid, filling)
  }
  const { ofFew, ofMany } = await measure({ ofFew: page(site, few), ofMany: page(site, many) })
  await site.stop()
  return [
    {
      work: `page of 50 images, ${engine}`,
      unit: 'µs CPU',
      ours: ofFew.cpuMicroseconds,
      goal: { atMost: flaskMicroseconds / 10 },
    },
    {
      work: `page of 50 of 100,000 images, ${engine}`,
      unit: 'µs CPU',
      ours: ofMany.cpuMicroseconds,
      reference: { name: 'of 100 images', value: ofFew.cpuMicroseconds },
      goal: { atMost: 2 },
    },
  ]
}

const page = ({ pid, url }: Site, { apiKey }: Account): Contestant => ({
  pid,
  load: (seconds) => wrk({ url: `${url}/api/v1/me/images`, connections: 8, headers: { 'x-api-key': apiKey } }, seconds),
})
