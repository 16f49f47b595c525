import { spawn } from 'node:child_process'
import { access, constants } from 'node:fs/promises'
import path from 'node:path'

/** Whether a program is there to be called. */
export async function isInstalled(program: string, env: NodeJS.ProcessEnv): Promise<boolean> {
  for (const folder of (env.PATH ?? '').split(path.delimiter).filter(Boolean)) {
    const found = await access(path.join(folder, program), constants.X_OK).then(
      () => true,
      () => false,
    )
    if (found) return true
  }
  return false
}

export interface Ran {
  /** Undefined if a signal ended it. */
  code: number | undefined
  output: Buffer<ArrayBuffer>
}

interface RunOptions {
  env: NodeJS.ProcessEnv
  input?: string
  signal?: AbortSignal
}

/** A clipboard holds no more than this; whatever writes without end is stopped. */
const maxOutputBytes = 512 * 1024 * 1024

/** Runs a program without a shell, so that no name is ever taken for a command. */
export function runProgram(program: string, args: readonly string[], options: RunOptions): Promise<Ran> {
  const { env, input, signal } = options
  return new Promise((resolve, reject) => {
    // What takes input is not listened to: xclip stays in the background for as long as it owns the clipboard, and would keep
    // us there with a pipe of ours in its hand.
    const output = input === undefined ? 'pipe' : 'ignore'
    const child = spawn(program, args, { env, stdio: ['pipe', output, 'ignore'], ...(signal && { signal }) })
    const chunks: Buffer[] = []
    let size = 0
    child.once('error', reject)
    child.stdout?.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size > maxOutputBytes) child.kill()
      else chunks.push(chunk)
    })
    child.once(input === undefined ? 'close' : 'exit', (code) =>
      resolve({ code: code ?? undefined, output: Buffer.concat(chunks) }),
    )
    child.stdin?.on('error', () => {})
    child.stdin?.end(input ?? '')
  })
}

/** Starts a program that goes on without us. */
export function startProgram(program: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { env, detached: true, stdio: 'ignore' })
    child.once('error', reject)
    child.once('spawn', () => {
      child.unref()
      resolve()
    })
  })
}
