import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { measure } from '../measure.ts'
import { photograph } from '../picture.ts'
import { startFloor } from '../reference.ts'
import type { Result, Scenario } from '../result.ts'
import { type Account, type Site, startSite } from '../site.ts'
import { upload } from '../upload.ts'
import { wrk } from '../wrk.ts'

const callers = 4
/** Over as many images, so that none comes near to the variants that it may have. */
const images = 40
const formats = ['webp', 'jpeg', 'avif'] as const

export const scenario: Scenario = {
  summary: `a JPEG of 12 megapixels made 400 wide, never the same twice, SQLite and files, ${callers} clients`,
  async run() {
    const picture = await photograph({ width: 4000, height: 3000 })
    const folder = await mkdtemp(join(tmpdir(), 'imagehost-transform-'))
    const file = join(folder, 'photo.jpg')
    await writeFile(file, picture)
    const site = await startSite({ RATE_TRANSFORM: '0', MAX_VARIANTS: '1000' })
    const account = await site.account()
    const ids: string[] = []
    while (ids.length < images) ids.push((await upload(site, account, picture)).id)
    const results: Result[] = []
    for (const format of formats) {
      const bare = await startFloor([file, format], callers, 'bare-sharp')
      const load = makes(site, account, ids, format)
      const { ours, reference } = await measure({ ours: { pid: site.pid, load }, reference: bare })
      await bare.stop()
      const work = `12 megapixels to 400 wide, ${format.toUpperCase()}`
      const name = 'sharp alone, the same settings'
      results.push(
        {
          work,
          unit: 'requests/s',
          ours: ours.perSecond,
          reference: { name, value: reference.perSecond },
          goal: { atLeast: 0.95 },
        },
        {
          work,
          unit: 'µs CPU',
          ours: ours.cpuMicroseconds,
          reference: { name, value: reference.cpuMicroseconds },
          goal: { atMost: 1 / 0.95 },
        },
      )
    }
    await site.stop()
    await rm(folder, { recursive: true })
    return results
  },
}

let asked = 0

/** Each with another colour behind it, which nothing shows through: another variant, the same work. */
function makes({ url }: Site, { apiKey }: Account, ids: readonly string[], format: string) {
  return (seconds: number): Promise<number> => {
    asked += 100_000
    const lua = `
local ids = { ${ids.map((id) => `'${id}'`).join(', ')} }
local at = ${asked}
function request()
  at = at + 1
  return wrk.format('GET', string.format('/i/%s?w=400&format=${format}&bg=%06x', ids[at % #ids + 1], at))
end`
    return wrk({ url, connections: callers, headers: { 'x-api-key': apiKey }, lua }, seconds)
  }
}
