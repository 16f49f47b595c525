import { measure } from '../measure.ts'
import type { Scenario } from '../result.ts'
import { type Account, type Site, startSite, startSiteOnServers } from '../site.ts'
import { wrk } from '../wrk.ts'

/** gunicorn with two workers, on the machine where the goals were set; it asks for a twelfth of its CPU. */
const flaskMicroseconds = 1_020
/** What MAX_OPEN_DRAFTS is by default: after so many the next account takes over. */
const draftsPerAccount = 100
/** For all rounds together, at up to 8,000 requests a second. */
const accounts = 960
const accountsPerSecond = 80

export const scenario: Scenario = {
  summary: 'the presigned address and the draft of an upload, 8 connections',
  async run() {
    const embedded = await startSite()
    const servers = await startSiteOnServers({ s3: true })
    const measured = await measure({
      'SQLite and files': { pid: embedded.pid, load: await requests(embedded) },
      'Redis and S3': { pid: servers.pid, load: await requests(servers) },
    })
    await Promise.all([embedded.stop(), servers.stop()])
    return Object.entries(measured).map(([engines, { cpuMicroseconds }]) => ({
      work: `upload/request, ${engines}`,
      unit: 'µs CPU',
      ours: cpuMicroseconds,
      goal: { atMost: flaskMicroseconds / 12 },
    }))
  },
}

async function requests(site: Site): Promise<(seconds: number) => Promise<number>> {
  const unused = await Promise.all(Array.from({ length: accounts }, () => site.account()))
  return (seconds) => {
    const lua = begin(unused.splice(0, seconds * accountsPerSecond))
    return wrk({ url: `${site.url}/api/v1/upload/request`, connections: 8, lua }, seconds)
  }
}

const begin = (callers: readonly Account[]): string => `
local keys = { ${callers.map(({ apiKey }) => `'${apiKey}'`).join(', ')} }
local body = '{"filename":"DSC_20260731_104512.JPG","mime_type":"image/jpeg","size":102400}'
local sent = 0
function request()
  sent = sent + 1
  local key = keys[math.ceil(sent / ${draftsPerAccount})]
  return wrk.format('POST', nil, { ['content-type'] = 'application/json', ['x-api-key'] = key }, body)
end`
