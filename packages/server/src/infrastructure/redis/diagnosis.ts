import type { Clock } from '../../ports/clock.ts'
import type { Diagnosis, Diagnostician } from '../../ports/diagnosis.ts'
import type { Log } from '../../ports/log.ts'
import { type Connection, connect, type RedisAddress } from './connection.ts'
import { type Fields, fieldsOf, listOf, numberOf } from './reply.ts'

/** Signed addresses and leases go by the clock of each server. */
const mostSkewSeconds = 5

interface Wanted {
  subject: string
  /** The setting of Redis, and what it should be at least. */
  name: string
  value: string
  isRight: (value: string | undefined) => boolean
  right: string
  wrong: string
  state: Diagnosis['state']
}

const wanted: readonly Wanted[] = [
  {
    subject: 'Redis durability',
    name: 'appendonly',
    value: 'yes',
    isRight: (value) => value === 'yes',
    right: 'it keeps an append-only file',
    wrong: 'it keeps no append-only file: a crash loses the last minutes of uploads',
    state: 'bad',
  },
  {
    subject: 'Redis eviction',
    name: 'maxmemory-policy',
    value: 'noeviction',
    isRight: (value) => value === 'noeviction',
    right: 'it evicts nothing',
    wrong: 'it evicts keys when its memory is full, which loses images',
    state: 'bad',
  },
  {
    subject: 'Redis memory',
    name: 'hash-max-listpack-value',
    // Hashes with longer values are not packed: measured 2,680 bytes an image in place of 1,380.
    value: '1024',
    isRight: (value) => Number(value) >= 1024,
    right: 'records of images stay packed',
    wrong: 'records of images take twice the memory that they need',
    state: 'note',
  },
]

/** Asks every process of Redis for the settings under which nothing acknowledged is lost, and memory is used well. */
export async function createRedisDiagnostician(
  address: RedisAddress,
  { clock, log }: { clock: Clock; log: Log },
): Promise<Diagnostician> {
  const connection = await connect(address, log)
  return {
    async look() {
      const settings = await Promise.all(wanted.map((each) => settingOf(connection, each)))
      return [await versionOf(connection), ...settings, await skewOf(connection, clock)]
    },
    close: connection.close,
  }
}

async function settingOf(
  connection: Connection,
  { subject, name, value, isRight, ...words }: Wanted,
): Promise<Diagnosis> {
  const answers = await connection.sendToAll(['CONFIG', 'GET', name]).catch(() => undefined)
  if (!answers) {
    return { subject, state: 'note', words: `${name} may not be asked for here: see that it is ${value}` }
  }
  if (answers.map(fieldsOf).every((fields: Fields) => isRight(fields[name]))) {
    return { subject, state: 'ok', words: words.right }
  }
  return {
    subject,
    state: words.state,
    words: words.wrong,
    cure: `redis-cli CONFIG SET ${name} ${value} && redis-cli CONFIG REWRITE`,
    fix: async () => {
      await connection.sendToAll(['CONFIG', 'SET', name, value])
      // Without a file of settings it holds until Redis is started again.
      await connection.sendToAll(['CONFIG', 'REWRITE']).catch(() => {})
    },
  }
}

async function versionOf(connection: Connection): Promise<Diagnosis> {
  const infos = await connection.sendToAll(['INFO', 'server']).catch(() => [])
  const versions = infos.map((info) => /^redis_version:(\S+)/m.exec(String(info))?.[1] ?? '0')
  const subject = 'Redis version'
  if (versions.length === 0)
    return { subject, state: 'note', words: 'it may not be asked for here: 6.2 or later is needed' }
  const words = [...new Set(versions)].join(', ')
  if (!versions.some(isOld)) return { subject, state: 'ok', words }
  return { subject, state: 'bad', words: `${words}; 6.2 or later is needed`, cure: 'Update Redis.' }
}

function isOld(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major < 6 || (major === 6 && minor < 2)
}

async function skewOf(connection: Connection, clock: Clock): Promise<Diagnosis> {
  const [answer] = await connection.sendToAll(['TIME'])
  const seconds = Math.round(Math.abs(numberOf(listOf(answer)[0]) - clock.now() / 1000))
  const subject = 'Redis clock'
  if (seconds <= mostSkewSeconds) return { subject, state: 'ok', words: `${seconds} s apart from this machine's` }
  return {
    subject,
    state: 'note',
    words: `${seconds} s apart from this machine's`,
    cure: 'Let both machines keep the time (systemd-timesyncd, chrony).',
  }
}
