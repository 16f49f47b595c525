import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Contestant } from './measure.ts'

export interface Reference {
  pid: number
  /** Where it listens, or nothing for one that works by itself. */
  url: string
  /** Ends it. */
  stop(): Promise<void>
}

/** Starts one of `references/` as a process of its own; it tells its port in its first line and ends with this process at the latest. */
export async function startReference(name: string, args: readonly string[] = []): Promise<Reference> {
  const program = fileURLToPath(new URL(`references/${name}.ts`, import.meta.url))
  const node = [process.execPath, '--disable-warning=ExperimentalWarning', program, ...args]
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', ...node], {
    env: { ...process.env, MALLOC_ARENA_MAX: '2', UV_THREADPOOL_SIZE: '8' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [port] = await once(createInterface(child.stdout), 'line')
  return {
    pid: child.pid ?? 0,
    url: `http://127.0.0.1:${port}`,
    async stop() {
      const gone = once(child, 'exit')
      child.kill('SIGKILL')
      await gone
    },
  }
}

/** A reference that works by itself at so many callers for as long as it is asked to. */
export async function startFloor(
  args: readonly string[],
  callers: number,
  name = 'upload-floor',
): Promise<Reference & Contestant> {
  const floor = await startReference(name, args)
  return {
    ...floor,
    load: async (seconds) => Number(await (await fetch(`${floor.url}?seconds=${seconds}&callers=${callers}`)).text()),
  }
}
