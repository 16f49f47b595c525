import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { measure } from '../measure.ts'
import { photograph } from '../picture.ts'
import { startFloor } from '../reference.ts'
import type { Scenario } from '../result.ts'
import { startSiteOnServers } from '../site.ts'
import { uploadPresigned } from '../upload.ts'

const callers = 8

export const scenario: Scenario = {
  summary: `the same picture by request, PUT to S3 and complete, Redis and S3, ${callers} clients`,
  async run() {
    const picture = await photograph()
    const folder = await mkdtemp(join(tmpdir(), 'imagehost-floor-'))
    await writeFile(join(folder, 'photo.jpg'), picture)
    const site = await startSiteOnServers({ s3: true })
    const account = await site.account()
    const decode = await startFloor([join(folder, 'photo.jpg'), 'decode'], callers)
    const { ours, reference } = await measure({
      ours: { pid: site.pid, load: (seconds) => repeat(() => uploadPresigned(site, account, picture), seconds) },
      reference: decode,
    })
    await Promise.all([site.stop(), decode.stop()])
    await rm(folder, { recursive: true })
    return [
      {
        work: 'presigned upload of 100 KB, S3',
        unit: 'µs CPU',
        ours: ours.cpuMicroseconds,
        reference: { name: 'bare decode', value: reference.cpuMicroseconds },
        goal: { atMost: 2 },
      },
    ]
  },
}

async function repeat(work: () => Promise<void>, seconds: number): Promise<number> {
  const end = performance.now() + 1000 * seconds
  let done = 0
  const caller = async () => {
    for (; performance.now() < end; done++) await work()
  }
  await Promise.all(Array.from({ length: callers }, caller))
  return done
}
