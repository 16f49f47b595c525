import { readFile, statfs } from 'node:fs/promises'
import type { Diagnosis } from '../../ports/diagnosis.ts'
import type { Machine } from '../operation.ts'

const GiB = 1024 ** 3
/** Below it the next uploads may be the last. */
const fewBytes = 2 * GiB
/** Connections and files of a busy server, with room to spare. */
const enoughFiles = 4_096
const timeoutMs = 5_000

/** What this machine and its settings say. */
export const diagnoseMachine = (machine: Machine): Promise<Diagnosis[]> =>
  Promise.all([disk(machine), openFiles(), secret(machine), address(machine), proxy(machine)])

async function disk({ dataDirectory, isEmbedded }: Machine): Promise<Diagnosis> {
  const subject = 'Disk'
  const free = await statfs(dataDirectory).then(
    ({ bavail, bsize }) => bavail * bsize,
    () => undefined,
  )
  if (free === undefined) return { subject, state: 'note', words: `${dataDirectory} is not there yet` }
  const words = `${(free / GiB).toFixed(1)} GiB free at ${dataDirectory}`
  if (free >= fewBytes) return { subject, state: 'ok', words }
  const cure = 'Make room, move DATA_DIR to a larger disk, or move the bytes to a bucket (npm run migrate).'
  return { subject, state: isEmbedded ? 'bad' : 'note', words, cure }
}

async function openFiles(): Promise<Diagnosis> {
  const subject = 'Open files'
  const limits = await readFile('/proc/self/limits', 'utf8').catch(() => '')
  const [, soft] = /^Max open files\s+(\S+)/m.exec(limits) ?? []
  if (soft === undefined) return { subject, state: 'note', words: 'this system does not say how many there may be' }
  if (soft === 'unlimited' || Number(soft) >= enoughFiles) return { subject, state: 'ok', words: `up to ${soft}` }
  const cure = `LimitNOFILE=${enoughFiles} in the unit of the server, or ulimit -n ${enoughFiles}.`
  return { subject, state: 'note', words: `no more than ${soft} at once`, cure }
}

async function secret({ secretProblem }: Machine): Promise<Diagnosis> {
  const subject = 'Secret'
  if (secretProblem === undefined) return { subject, state: 'ok', words: 'long enough, and not one from a document' }
  const words = 'the server does not start with it'
  return { subject, state: 'bad', words, cure: secretProblem }
}

/** Whether people reach the server where links say that it is. */
async function address({ publicUrl }: Machine): Promise<Diagnosis> {
  const subject = 'Address'
  if (publicUrl === undefined) {
    const words = 'PUBLIC_URL is not set: links begin with whatever host a client names'
    return { subject, state: 'note', words, cure: 'PUBLIC_URL=https://img.example.org, as people reach it.' }
  }
  try {
    const answer = await fetch(`${publicUrl}/health`, { signal: AbortSignal.timeout(timeoutMs), redirect: 'manual' })
    const isOurs = answer.ok && ((await answer.json()) as { status?: unknown }).status === 'ok'
    if (isOurs) return { subject, state: 'ok', words: `${publicUrl} answers` }
    return { subject, state: 'bad', words: `${publicUrl}/health answers ${answer.status}`, cure: sayWhere }
  } catch (error) {
    const cause = (error as Error).cause
    const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : (error as Error).name
    return { subject, state: 'bad', words: `${publicUrl} does not answer (${reason})`, cure: sayWhere }
  }
}

const sayWhere = 'See that the server and the proxy run, and that PUBLIC_URL and DNS name this machine.'

/** Without it all the world has one address, that of the proxy, and shares one allowance. */
async function proxy({ isBehindProxy, trustsProxy }: Machine): Promise<Diagnosis> {
  const subject = 'Proxy'
  if (!isBehindProxy) return { subject, state: 'ok', words: 'none in front, as far as the settings say' }
  if (trustsProxy) return { subject, state: 'ok', words: 'its X-Forwarded-* headers are believed' }
  const words = 'one in front is not believed: all visitors look like one, and slow each other down'
  return { subject, state: 'bad', words, cure: 'TRUSTED_PROXIES=127.0.0.1 (the address of the proxy).' }
}
