import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { createClient } from 'redis'
import { createBucket, type TestStorage } from '../testing/create-bucket.ts'
import { startServerProcess } from '../testing/start-server-process.ts'
import { startTestApp, type TestApp } from '../testing/start-test-app.ts'

/** The four ways to run the house: which engine keeps the records, which store the bytes. */
export const houses = [
  { records: 'SQLite', bytes: 'files' },
  { records: 'SQLite', bytes: 'S3' },
  { records: 'Redis', bytes: 'files' },
  { records: 'Redis', bytes: 'S3' },
] as const

export type House = (typeof houses)[number]

/** A Redis of the tests has so many databases: one for each case. */
export const databases = 256
let usedDatabases = 0

/** Where one case keeps its data, which no other case touches. */
export interface Site {
  directory: string
  /** The real server on this data, in a process of its own; stops itself at the step, if one is named. */
  start(step?: string): ReturnType<typeof startServerProcess>
  /** The server on this data as it is after a restart, with a clock that `pass` moves on from now. */
  restart(): Promise<TestApp>
  /** Names of the tables or keys in which the metadata engine holds this text anywhere. */
  placesOf(text: string): Promise<string[]>
}

interface SiteDependencies {
  redisUrl: string
  s3: TestStorage
  /** Told what to do when the test is over, however it ends. */
  onTestFinished: (clean: () => Promise<void>) => void
}

export async function createSite(house: House, dependencies: SiteDependencies): Promise<Site> {
  const { redisUrl, s3, onTestFinished } = dependencies
  const directory = await mkdtemp(path.join(tmpdir(), 'imagehost-crash-'))
  const database = `${redisUrl}/${usedDatabases++ % databases}`
  const env: Record<string, string> = {
    DATA_DIR: directory,
    SECRET_KEY: 'of these tests, and of nothing else',
    ...(house.records === 'Redis' && { REDIS_URL: database }),
    ...(house.bytes === 'S3' && (await createBucket(s3)).env),
  }
  const started: { stop(): Promise<void> }[] = []
  onTestFinished(async () => {
    await Promise.all(started.map((each) => each.stop()))
    await rm(directory, { recursive: true, force: true })
  })
  return {
    directory,
    start: async (step) => {
      const server = await startServerProcess({ ...env, ...(step && { STOP_AT_STEP: step }) })
      started.push(server)
      return server
    },
    restart: async () => {
      let ahead = 0
      const app = await startTestApp(env, { clock: { now: () => Date.now() + ahead } })
      started.push(app)
      return Object.assign(app, {
        pass: (seconds: number) => {
          ahead += seconds * 1000
        },
      })
    },
    placesOf: async (text) => (house.records === 'Redis' ? keysWith(database, text) : tablesWith(directory, text)),
  }
}

async function keysWith(url: string, text: string): Promise<string[]> {
  const client = createClient({ url })
  await client.connect()
  const content = async (key: string): Promise<unknown> => {
    const type = await client.type(key)
    if (type === 'hash') return client.hGetAll(key)
    return type === 'zset' ? client.zRange(key, 0, -1) : client.get(key)
  }
  const found: string[] = []
  for (const key of await client.keys('*')) {
    if (`${key} ${JSON.stringify(await content(key))}`.includes(text)) found.push(key)
  }
  client.destroy()
  return found
}

function tablesWith(directory: string, text: string): string[] {
  const database = new DatabaseSync(path.join(directory, 'imagehost.db'), { readOnly: true })
  const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all()
  const found = tables
    .map(({ name }) => String(name))
    .filter((name) => JSON.stringify(database.prepare(`SELECT * FROM ${name}`).all()).includes(text))
  database.close()
  return found
}
