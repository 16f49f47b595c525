import { Readable, Writable } from 'node:stream'
import type { ReadStream, WriteStream } from 'node:tty'
import { Interrupted, OutputClosed } from './faults.ts'

/** Where it is written and asked: data on stdout, everything else on stderr. No other file knows of streams. */
export interface Terminal {
  /** A line of data, for whoever reads our output. */
  print(line: string): void
  /** A line for people. */
  say(line: string): void
  /** The line that tells how far things are, or its end; nobody but a terminal is told. */
  status(text?: string): void
  /** Whether somebody can be asked. */
  canAsk: boolean
  /** Whether data goes to eyes, and not to a program. */
  isRead: boolean
  /** Whether people read what is said. */
  isWatched: boolean
  ask(question: string): Promise<string>
  /** Without showing what is typed. */
  askSecret(question: string): Promise<string>
  /** What is piped in. */
  input(): ReadableStream<Uint8Array>
  /** The first line of what is piped in, for passwords. */
  inputLine(): Promise<string>
  paint(colour: 'red' | 'green' | 'dim' | 'bold', text: string): string
  columns: number
  /** Ends by Ctrl-C, or when nobody reads our output any more. */
  signal: AbortSignal
}

/** `process`, as far as it is a terminal. */
interface Streams {
  stdin: ReadStream
  stdout: WriteStream
  stderr: WriteStream
  env: NodeJS.ProcessEnv
  on(event: 'SIGINT' | 'SIGTERM', listener: () => void): unknown
  exit(code: number): never
}

const colours = { red: 31, green: 32, dim: 2, bold: 1 } as const
const eraseLine = '\r\x1b[2K'
/** Where a terminal does not say how wide it is. */
const usualColumns = 80
/** Nobody has a longer password, and a pipe that never ends must not be waited for. */
const maxLineBytes = 64 * 1024

export function createTerminal(streams: Streams): Terminal {
  const { stdin, stdout, stderr, env } = streams
  const ending = new AbortController()
  streams.on('SIGINT', () => (ending.signal.aborted ? streams.exit(130) : ending.abort(new Interrupted())))
  streams.on('SIGTERM', () => ending.abort(new Interrupted()))
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    ending.abort(new OutputClosed())
  })
  // Whoever does not listen to what went wrong does not want to know.
  stderr.on('error', () => {})

  const canErase = stderr.isTTY === true && env.TERM !== 'dumb'
  const hasColours = env.NO_COLOR ? false : env.FORCE_COLOR ? env.FORCE_COLOR !== '0' : canErase
  let shown = ''
  const status = (text = ''): void => {
    if (!canErase || text === shown) return
    shown = text
    stderr.write(eraseLine + text.slice(0, (stderr.columns || usualColumns) - 1))
  }
  /** The status line makes place for a line that stays, and comes back below it. */
  const around = (write: () => void): void => {
    const text = shown
    status()
    write()
    if (text) status(text)
  }

  async function question(text: string, isSecret: boolean): Promise<string> {
    const { createInterface } = await import('node:readline')
    status()
    const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() })
    const output = isSecret ? nowhere : stderr
    // It turns the terminal's own echo off, so it comes before the question: who types at once is not to be read either.
    const lines = createInterface({ input: stdin, output, terminal: true, prompt: isSecret ? '' : text })
    if (isSecret) stderr.write(text)
    else lines.prompt()
    try {
      return await new Promise<string>((resolve, reject) => {
        const stop = () => reject(ending.signal.reason)
        ending.signal.addEventListener('abort', stop, { once: true })
        // In raw mode the terminal sends Ctrl-C as a character, and no signal.
        lines.once('SIGINT', () => ending.abort(new Interrupted()))
        lines.once('line', resolve)
        lines.once('close', stop)
      })
    } finally {
      lines.close()
      stdin.pause()
      if (isSecret) stderr.write('\n')
    }
  }

  return {
    print: (line) => around(() => stdout.write(`${line}\n`)),
    say: (line) => around(() => stderr.write(`${line}\n`)),
    status,
    canAsk: stdin.isTTY === true && stderr.isTTY === true,
    isRead: stdout.isTTY === true,
    isWatched: stderr.isTTY === true,
    ask: (text) => question(text, false),
    askSecret: (text) => question(text, true),
    input: () => Readable.toWeb(stdin) as ReadableStream<Uint8Array>,
    inputLine: async () => {
      let text = ''
      for await (const chunk of stdin) {
        text += chunk
        if (text.includes('\n') || text.length > maxLineBytes) break
      }
      return text.split(/\r?\n/, 1)[0]!
    },
    paint: (colour, text) => (hasColours ? `\x1b[${colours[colour]}m${text}\x1b[0m` : text),
    columns: stdout.columns || usualColumns,
    signal: ending.signal,
  }
}
