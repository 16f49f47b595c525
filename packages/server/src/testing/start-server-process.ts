import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { bareEnvironment } from './bare-environment.ts'

export interface ServerProcess {
  url: string
  /** Waits for a line that it prints, and answers what the pattern finds in it. */
  said(pattern: RegExp): Promise<RegExpExecArray>
  /** All that it printed for whoever started it. */
  greeted(): string
  /** All that it has logged. */
  logged(): string
  /** Of the Node binary itself. */
  pid: number
  /** Resolves when the process has stopped itself at the step that STOP_AT_STEP names. */
  stopped: Promise<void>
  /** Sends a signal; resolves when the process is gone if that ends it. kill -9 unless told otherwise. */
  kill(signal?: NodeJS.Signals): Promise<void>
  /** Ends it if it still runs, and removes a folder that was made for it. */
  stop(): Promise<void>
}

const main = fileURLToPath(new URL('../main.ts', import.meta.url))
const ending: readonly NodeJS.Signals[] = ['SIGKILL', 'SIGTERM', 'SIGINT']
/** A machine under the load of other tests takes its time. */
const startMs = 20_000

/** The real server as a process of its own on a free port, with these variables and no others; it ends with this process at the latest. */
export async function startServerProcess(env: Record<string, string> = {}): Promise<ServerProcess> {
  const directory = env.DATA_DIR ?? (await mkdtemp(path.join(tmpdir(), 'imagehost-')))
  const node = [process.execPath, '--disable-warning=ExperimentalWarning', main]
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', ...node], {
    cwd: directory,
    env: {
      ...bareEnvironment,
      PORT: '0',
      LOG_LEVEL: 'warn',
      DEV_ISSUE_KEY: '1',
      VARIANTS_AHEAD: '0',
      DATA_DIR: directory,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const gone = once(child, 'exit')
  const said = createListener(child.stderr)
  let logged = ''
  child.stdout.setEncoding('utf8').on('data', (lines: string) => {
    logged += lines
  })
  const early = gone.then(() => {
    throw new Error(`The server ended:\n${said.all()}`)
  })
  const stopped = said.line(/^stopped at /).then(() => undefined)
  const isRunning = () => child.exitCode === null && child.signalCode === null

  async function kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    if (!isRunning()) return
    child.kill(signal)
    if (ending.includes(signal)) await gone
  }

  async function stop(): Promise<void> {
    await kill()
    if (!env.DATA_DIR) await rm(directory, { recursive: true, force: true })
  }

  const isUp = async () => {
    // It tells its port only once it listens.
    const [, port] = await said.line(/^ {2}ImageHost {2}\S+:(\d+)$/)
    const url = `http://127.0.0.1:${port}`
    await isReady(url)
    return url
  }
  try {
    return {
      url: await Promise.race([isUp(), early, late()]),
      said: said.line,
      greeted: said.all,
      logged: () => logged,
      pid: child.pid ?? 0,
      stopped,
      kill,
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

async function isReady(url: string): Promise<void> {
  const until = Date.now() + startMs
  while (Date.now() < until && (await fetch(`${url}/ready`)).status !== 200) await new Promise(setImmediate)
}

/** Lines as they are said, and those said before. */
function createListener(stream: NodeJS.ReadableStream) {
  const lines: string[] = []
  const waiting: ((line: string) => void)[] = []
  createInterface(stream).on('line', (line) => {
    lines.push(line)
    for (const hear of waiting) hear(line)
  })
  return {
    all: () => lines.join('\n'),
    line: (pattern: RegExp) =>
      new Promise<RegExpExecArray>((resolve) => {
        const hear = (line: string) => {
          const match = pattern.exec(line)
          if (match) resolve(match)
        }
        waiting.push(hear)
        lines.forEach(hear)
      }),
  }
}

const late = (): Promise<never> =>
  new Promise((_, reject) => {
    setTimeout(() => reject(new Error('The server was not ready in time.')), startMs).unref()
  })
