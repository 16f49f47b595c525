import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'

export interface Clamd {
  /** As CLAMD_URL takes it. */
  url: string
  pid: number
  stop(): Promise<void>
}

const startMs = 30_000

/** A real clamd that knows one signature: these bytes, under this name. It ends with this process at the latest. */
export async function startClamd(signature: { name: string; bytes: Buffer }): Promise<Clamd> {
  const directory = await mkdtemp(path.join(tmpdir(), 'clamd-'))
  const socket = path.join(directory, 'clamd.sock')
  // Extended signatures (.ndb): name, any type of file, any place, hexadecimal bytes.
  await writeFile(path.join(directory, 'test.ndb'), `${signature.name}:0:*:${signature.bytes.toString('hex')}\n`)
  const settings = [
    `DatabaseDirectory ${directory}`,
    `LocalSocket ${socket}`,
    'Foreground yes',
    'StreamMaxLength 2M',
    'MaxThreads 4',
    'AlertExceedsMax yes',
  ]
  const file = path.join(directory, 'clamd.conf')
  await writeFile(file, `${settings.join('\n')}\n`)
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', 'clamd', '--config-file', file], { stdio: 'ignore' })
  const gone = once(child, 'exit')
  const until = Date.now() + startMs
  while (!(await answers(socket))) {
    if (child.exitCode !== null || Date.now() > until) throw new Error('clamd did not start.')
  }
  return {
    url: `unix:${socket}`,
    pid: child.pid!,
    stop: async () => {
      child.kill('SIGKILL')
      await gone
      await rm(directory, { recursive: true, force: true })
    },
  }
}

async function answers(socket: string): Promise<boolean> {
  const connection = connect(socket)
  try {
    await once(connection, 'connect')
    connection.write('zPING\0')
    const [answer] = await once(connection, 'data')
    return String(answer).startsWith('PONG')
  } catch {
    return false
  } finally {
    connection.destroy()
  }
}
