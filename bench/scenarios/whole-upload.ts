import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { measure } from '../measure.ts'
import { photograph } from '../picture.ts'
import { startFloor } from '../reference.ts'
import type { Scenario } from '../result.ts'
import { startSite } from '../site.ts'
import { uploads } from '../upload.ts'

const callers = 8
/** Zipline on the machine where the goals were set, which inspects nothing. */
const ziplinePerSecond = 205

export const scenario: Scenario = {
  summary: `a JPEG of 1024 × 768 and 100 KB in one request, inspected and durable, SQLite and files, ${callers} clients`,
  async run() {
    const picture = await photograph()
    const folder = await mkdtemp(join(tmpdir(), 'imagehost-floor-'))
    await writeFile(join(folder, 'photo.jpg'), picture)
    const site = await startSite()
    const floor = await startFloor([join(folder, 'photo.jpg')], callers)
    const { ours, reference } = await measure({
      ours: { pid: site.pid, load: uploads(site, await site.account(), picture, callers) },
      reference: floor,
    })
    await Promise.all([site.stop(), floor.stop()])
    await rm(folder, { recursive: true })
    return [
      {
        work: 'whole upload of 100 KB',
        unit: 'requests/s',
        ours: ours.perSecond,
        reference: { name: 'bare decode, sha256, write, fdatasync', value: reference.perSecond },
        goal: { atLeast: 0.75 },
      },
      {
        work: 'whole upload of 100 KB',
        unit: 'µs CPU',
        ours: ours.cpuMicroseconds,
        reference: { name: 'bare decode, sha256, write, fdatasync', value: reference.cpuMicroseconds },
        goal: { atMost: 1 / 0.75 },
      },
      {
        work: 'whole upload of 100 KB',
        unit: 'requests/s',
        ours: ours.perSecond,
        goal: { atLeast: 1.2 * ziplinePerSecond },
      },
    ]
  },
}
