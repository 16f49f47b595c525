import { AppError } from '@imagehost/contract/errors'
import { type Context, command } from '../command.ts'
import type { Connection } from '../connection.ts'
import { explain } from '../explain.ts'
import { isInstalled } from '../programs.ts'

interface Finding {
  check: string
  state: 'ok' | 'bad' | 'note'
  words: string
}

/** A clock that is further off makes signed addresses fail: S3 refuses from 15 minutes on. */
const mostClockSkewSeconds = 300

export const doctor = command({
  usage: '',
  summary: 'Check server, key, clock, files and programs; exit code 1 if something is wrong',
  examples: [['doctor', 'what works, and what to do about the rest']],
  options: {},
  words: [0, 0],
  async run(context) {
    const findings: Finding[] = [...(await ofServer(context)), await ofFiles(context), await ofClipboard(context)]
    const { paint } = context.terminal
    const marks = { ok: paint('green', 'ok  '), bad: paint('red', 'bad '), note: 'note' }
    return {
      data: findings,
      lines: findings.map(({ check, state, words }) => `${marks[state]} ${check.padEnd(10)} ${words}`),
      failed: findings.some(({ state }) => state === 'bad'),
    }
  },
})

async function ofServer({ connect }: Context): Promise<Finding[]> {
  try {
    const connection = await connect()
    const { client, host } = connection
    const started = Date.now()
    await client.system.health()
    const words = `${host} answers after ${Date.now() - started} ms`
    return [
      { check: 'server', state: 'ok', words },
      await ofClock(connection, started),
      ...(await ofKey(connection)),
      ...ofLine(host),
    ]
  } catch (error) {
    return [{ check: 'server', state: 'bad', words: explain(error).lines.join(' ') }]
  }
}

/** Each answer says when it was made. */
async function ofClock({ client }: Connection, now: number): Promise<Finding> {
  const response = await client.system.openapi()
  await response.body?.cancel()
  const there = Date.parse(response.headers.get('date') ?? '')
  const skew = Math.round(Math.abs(there - now) / 1000)
  if (Number.isNaN(skew)) return { check: 'clock', state: 'note', words: 'The server does not say what time it is.' }
  return skew <= mostClockSkewSeconds
    ? { check: 'clock', state: 'ok', words: `${skew} s apart from the server's` }
    : { check: 'clock', state: 'bad', words: `${skew} s apart from the server's: set the clock of this machine.` }
}

async function ofKey({ client, hasKey, keySource }: Connection): Promise<Finding[]> {
  if (!hasKey) return [{ check: 'key', state: 'bad', words: 'No key is stored: `imagehost login`.' }]
  const origin = { environment: 'IMAGEHOST_API_KEY', stored: 'the stored key', flask: '~/.imagehost_key' }
  const source = keySource ? origin[keySource] : 'the key'
  try {
    const { username } = await client.accounts.me()
    return [{ check: 'key', state: 'ok', words: `${source} is one of ${username}` }]
  } catch (error) {
    const isNarrow = error instanceof AppError && error.code === 'insufficient_scope'
    if (isNarrow) return [{ check: 'key', state: 'ok', words: `${source} works, and may do less than a login` }]
    return [{ check: 'key', state: 'bad', words: `${source}: ${explain(error).lines.join(' ')}` }]
  }
}

/** A key over plain HTTP is read by everybody on the way. */
function ofLine(host: string): Finding[] {
  const { protocol, hostname } = new URL(host)
  const isLocal = ['localhost', '127.0.0.1', '[::1]'].includes(hostname)
  if (protocol === 'https:' || isLocal) return []
  return [{ check: 'line', state: 'bad', words: 'http sends your key in the clear: use https.' }]
}

async function ofFiles({ settings }: Context): Promise<Finding> {
  const { credentialsFile, directory } = settings
  return (await settings.isExposed())
    ? { check: 'files', state: 'bad', words: `Others can read ${credentialsFile}: chmod 600 it.` }
    : { check: 'files', state: 'ok', words: `${directory} is yours alone` }
}

async function ofClipboard({ env }: Context): Promise<Finding> {
  const programs = ['wl-paste', 'wl-copy', 'xclip', 'xsel', 'pngpaste', 'pbcopy', 'clip.exe']
  const found = []
  for (const program of programs) if (await isInstalled(program, env)) found.push(program)
  return found.length > 0
    ? { check: 'clipboard', state: 'ok', words: found.join(', ') }
    : { check: 'clipboard', state: 'note', words: 'No program for --clipboard and --copy: wl-clipboard or xclip.' }
}
