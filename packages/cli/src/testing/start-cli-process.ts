import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { bareEnvironment } from '../../../server/src/testing/bare-environment.ts'

const main = fileURLToPath(new URL('../main.ts', import.meta.url))

/** The command as a shell would call it. */
export const executable: readonly string[] = [process.execPath, main]

interface CliProcess {
  /** Waits until this was printed, on stdout or stderr, and answers what the pattern finds. */
  said(pattern: RegExp): Promise<RegExpExecArray>
  type(text: string): void
  end(input?: string | Uint8Array): void
  kill(signal: NodeJS.Signals): void
  ended: Promise<{ exitCode: number | null; stdout: string; stderr: string }>
}

/** The real executable, without a terminal. */
export function startCliProcess(args: readonly string[], env: Record<string, string>): CliProcess {
  return watch(spawn(executable[0]!, [...executable.slice(1), ...args], { env: { ...bareEnvironment, ...env } }))
}

/**
 * The real executable in a pseudo-terminal, by the `script` of util-linux, which every Debian has: what is typed goes through
 * the terminal's line discipline, Ctrl-C too, and all that is shown comes back as stdout.
 */
export function startInTerminal(args: readonly string[], env: Record<string, string>): CliProcess {
  const command = [...executable, ...args].map((word) => `'${word}'`).join(' ')
  return watch(spawn('script', ['-qec', command, '/dev/null'], { env: { ...bareEnvironment, TERM: 'xterm', ...env } }))
}

function watch(child: ChildProcessWithoutNullStreams): CliProcess {
  let [stdout, stderr] = ['', '']
  const waiting = new Set<() => void>()
  const heard = () => {
    for (const look of waiting) look()
  }
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
    heard()
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
    heard()
  })
  child.stdin.on('error', () => {})
  const ended = once(child, 'close').then(([exitCode]) => ({ exitCode: exitCode as number | null, stdout, stderr }))
  return {
    said: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const found = pattern.exec(stdout) ?? pattern.exec(stderr)
          if (!found) return
          waiting.delete(look)
          resolve(found)
        }
        waiting.add(look)
        look()
        void ended.then(() => reject(new Error(`It ended without saying ${pattern}:\n${stdout}\n${stderr}`)))
      }),
    type: (text) => void child.stdin.write(text),
    end: (input) => void child.stdin.end(input),
    kill: (signal) => void child.kill(signal),
    ended,
  }
}
