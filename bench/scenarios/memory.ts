import { setTimeout as pass } from 'node:timers/promises'
import { photograph } from '../picture.ts'
import { peakMegabytes, residentMegabytes } from '../process-cost.ts'
import type { Result, Scenario } from '../result.ts'
import { startSite } from '../site.ts'
import { uploads } from '../upload.ts'

/** After the start has settled. */
const restSeconds = 3
const loadSeconds = 10

export const scenario: Scenario = {
  summary: 'memory of the process at rest and under uploads, with the configuration as it is by default',
  async run() {
    return [
      await atRest(),
      await peak('uploads of 100 KB, 8 clients', 350, { bytes: await photograph(), clients: 8 }),
      await peak('uploads of 12 megapixels, 32 clients', 700, {
        bytes: await photograph({ width: 4_000, height: 3_000 }),
        clients: 32,
      }),
    ]
  },
}

/** At the second start: the first has compiled what it needs. */
async function atRest(): Promise<Result> {
  const first = await startSite()
  await pass(restSeconds * 1000)
  await first.kill('SIGTERM')
  const second = await startSite({ DATA_DIR: first.directory })
  await pass(restSeconds * 1000)
  const ours = residentMegabytes(second.pid)
  await second.stop()
  await first.stop()
  return { work: 'memory at rest', unit: 'MB', ours, goal: { atMost: 120 } }
}

async function peak(work: string, atMost: number, { bytes, clients }: { bytes: Buffer; clients: number }) {
  const site = await startSite()
  await uploads(site, await site.account(), bytes, clients)(loadSeconds)
  const ours = peakMegabytes(site.pid)
  await site.stop()
  return { work: `peak memory, ${work}`, unit: 'MB', ours, goal: { atMost } } as const
}
