import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fillSqlite } from '../collection.ts'
import type { Result, Scenario } from '../result.ts'
import { startSite } from '../site.ts'

const starts = 3
const goal = { atMost: 1.5 }

export const scenario: Scenario = {
  summary: 'from `npm start` to the first 200 of /ready, not for the first time, and with a million images',
  async run() {
    const directory = await mkdtemp(join(tmpdir(), 'imagehost-start-'))
    await secondsToReady(directory)
    const results: Result[] = [{ work: 'second start', unit: 's', ours: await median(directory), goal }]
    const site = await startSite({ DATA_DIR: directory })
    fillSqlite(directory, (await site.account()).uid, { images: 1_000_000 })
    await site.stop()
    results.push({ work: 'second start, 1,000,000 images', unit: 's', ours: await median(directory), goal })
    await rm(directory, { recursive: true })
    return results
  },
}

async function median(directory: string): Promise<number> {
  const seconds: number[] = []
  for (let n = 0; n < starts; n++) seconds.push(await secondsToReady(directory))
  return seconds.toSorted((a, b) => a - b)[Math.floor(starts / 2)]!
}

async function secondsToReady(directory: string): Promise<number> {
  const began = performance.now()
  // Without the script that installs what is missing: it would do so in the tree that is measured.
  const child = spawn('npm', ['start', '--ignore-scripts'], {
    cwd: join(import.meta.dirname, '../..'),
    env: { PATH: process.env.PATH, HOME: directory, PORT: '0', DATA_DIR: directory },
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true,
  })
  let url: string | undefined
  for await (const line of createInterface(child.stderr)) {
    url = /^ {2}ImageHost {2}(\S+)$/.exec(line)?.[1]
    if (url !== undefined) break
  }
  if (url === undefined || (await fetch(`${url}/ready`)).status !== 200) throw new Error('npm start: not ready')
  const seconds = (performance.now() - began) / 1000
  // Not its exit: npm may end before the server that it started has let go of the folder.
  const gone = once(child, 'close')
  process.kill(-child.pid!, 'SIGTERM')
  await gone
  return seconds
}
