import { measure } from '../measure.ts'
import { photograph } from '../picture.ts'
import type { Scenario } from '../result.ts'
import { type Site, startSite } from '../site.ts'
import { upload } from '../upload.ts'
import { wrk } from '../wrk.ts'

const atOnce = 32

export const scenario: Scenario = {
  summary:
    'a variant of 100 KB that exists, again and again, and one that many ask for before it does, SQLite and files',
  async run() {
    const site = await startSite()
    const { id } = await upload(site, await site.account(), await photograph())
    const address = `${site.url}/i/${id}`
    // As large as the image itself, which is smaller than this preset.
    const variant = `${address}?preset=large&format=jpeg`
    const before = await makes(site)
    await Promise.all(Array.from({ length: atOnce }, async () => (await fetch(variant)).bytes()))
    const made = (await makes(site)) - before
    const load = (url: string) => (seconds: number) => wrk({ url, connections: 32 }, seconds)
    const { ours, reference } = await measure({
      ours: { pid: site.pid, load: load(variant) },
      reference: { pid: site.pid, load: load(address) },
    })
    await site.stop()
    return [
      {
        work: 'a variant that exists, hot',
        unit: 'requests/s',
        ours: ours.perSecond,
        reference: { name: 'the image itself, hot', value: reference.perSecond },
        goal: { atLeast: 0.7 },
      },
      {
        work: 'a variant that exists, hot',
        unit: 'µs CPU',
        ours: ours.cpuMicroseconds,
        reference: { name: 'the image itself, hot', value: reference.cpuMicroseconds },
        goal: { atMost: 1 / 0.7 },
      },
      { work: `a variant that ${atOnce} ask for at once is made`, unit: 'times', ours: made, goal: { atMost: 1 } },
    ]
  },
}

/** How many variants this server has made. */
async function makes({ url }: Site): Promise<number> {
  const metrics = await (await fetch(`${url}/metrics`)).text()
  return Number(/^imagehost_variant_steps_total\{step="variant"\} (\d+)$/m.exec(metrics)?.[1] ?? 0)
}
