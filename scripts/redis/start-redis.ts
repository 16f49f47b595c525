import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { freePort } from '../free-port.ts'

export interface RedisServer {
  url: string
  port: number
  /** Of the process that runs now: SIGSTOP freezes it. */
  readonly pid: number
  /** kill -9. */
  kill(): Promise<void>
  /** SIGTERM, as service managers stop it. */
  terminate(): Promise<void>
  /** Starts it again on the same port and data; ends it first if it runs. */
  restart(): Promise<void>
  /** Changes a setting while it runs. */
  set(name: string, value: string): Promise<void>
  /** Ends it and removes its data. */
  stop(): Promise<void>
}

interface RedisOptions {
  /** With `appendfsync always`, so that what was answered survives kill -9 and more. Yes unless given. */
  appendonly?: boolean
  /** Further settings, as on the command line. */
  settings?: readonly string[]
}

/** Brings up a real Redis on a free port; it ends with this process at the latest. */
export async function startRedis({ appendonly = true, settings = [] }: RedisOptions = {}): Promise<RedisServer> {
  const port = await freePort()
  const folder = await mkdtemp(join(tmpdir(), 'imagehost-redis-'))
  const aof = appendonly ? ['--appendonly', 'yes', '--appendfsync', 'always'] : ['--appendonly', 'no']
  const command = [
    ...['--pdeathsig', 'KILL', 'redis-server', '--port', String(port), '--bind', '127.0.0.1', '--dir', folder],
    ...['--save', '', '--hash-max-listpack-value', '1024', ...aof, ...settings],
  ]
  let child = await start(command)

  async function end(signal: NodeJS.Signals): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return
    const gone = once(child, 'exit')
    child.kill(signal)
    // A frozen process takes no other signal.
    child.kill('SIGCONT')
    await gone
  }

  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    get pid() {
      return child.pid ?? 0
    },
    kill: () => end('SIGKILL'),
    terminate: () => end('SIGTERM'),
    async restart() {
      await end('SIGKILL')
      child = await start(command)
    },
    async set(name, value) {
      await promisify(execFile)('redis-cli', ['-p', String(port), '-e', 'CONFIG', 'SET', name, value], {
        timeout: 5_000,
      })
    },
    async stop() {
      await end('SIGKILL')
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** setpriv replaces itself by Redis, so the process is Redis' own. */
async function start(command: readonly string[]): Promise<ChildProcess> {
  const child = spawn('setpriv', command, { stdio: ['ignore', 'pipe', 'inherit'] })
  const lines = createInterface(child.stdout)
  const said: string[] = []
  const ready = new Promise<void>((resolve) => {
    lines.on('line', (line) => {
      said.push(line)
      if (line.includes('Ready to accept connections')) resolve()
    })
  })
  const ended = once(child, 'exit').then(() => {
    throw new Error(`Redis did not start:\n${said.join('\n')}`)
  })
  await Promise.race([ready, ended])
  ended.catch(() => {})
  return child
}
