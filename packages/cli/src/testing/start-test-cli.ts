import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { startTestApp, type TestApp } from '../../../server/src/testing/start-test-app.ts'
import { Interrupted } from '../faults.ts'
import { run } from '../run.ts'

export interface Ran {
  exitCode: number
  stdout: string
  stderr: string
  /** The states of the progress line. */
  statuses: string[]
}

interface Situation {
  /** What somebody types when asked; without it, nobody is there. */
  answers?: readonly string[]
  /** What is piped in. */
  input?: string | Uint8Array
  env?: Record<string, string>
  /** Whether stderr is a terminal. */
  isWatched?: boolean
  /** Whether stdout is one. */
  isRead?: boolean
  /** Presses Ctrl-C when the progress line says this. */
  interruptAt?: RegExp
}

export type TestCli = Awaited<ReturnType<typeof startTestCli>>

/** The command line in this process, with a terminal that is written down, before a whole server. */
export async function startTestCli(env: Record<string, string> = {}) {
  const app: TestApp = await startTestApp(env)
  const folder = await mkdtemp(path.join(tmpdir(), 'imagehost-cli-'))
  const host = 'http://images.test'

  async function perform(args: string | readonly string[], situation: Situation = {}): Promise<Ran> {
    const words = typeof args === 'string' ? args.split(' ').filter(Boolean) : args
    const stdout: string[] = []
    const stderr: string[] = []
    const statuses: string[] = []
    const ending = new AbortController()
    const answers = [...(situation.answers ?? [])]
    const ask = async (question: string) => {
      stderr.push(question)
      const answer = answers.shift()
      if (answer === undefined) throw new Error(`Nobody answers: ${question}`)
      return answer
    }
    const input = () => new Blob([(situation.input ?? '') as BlobPart]).stream()
    const exitCode = await run(words, {
      terminal: {
        print: (line) => void stdout.push(line),
        say: (line) => void stderr.push(line),
        status: (text = '') => {
          statuses.push(text)
          if (situation.interruptAt?.test(text)) ending.abort(new Interrupted())
        },
        canAsk: situation.answers !== undefined,
        isRead: situation.isRead ?? false,
        isWatched: situation.isWatched ?? false,
        ask,
        askSecret: ask,
        input,
        inputLine: async () => (await new Response(input()).text()).split('\n')[0]!,
        paint: (_colour, text) => text,
        columns: 80,
        signal: ending.signal,
      },
      env: {
        PATH: process.env.PATH,
        HOME: folder,
        IMAGEHOST_CONFIG_DIR: path.join(folder, 'config'),
        ...situation.env,
      },
      platform: process.platform,
      fetch: app.fetch,
    })
    return { exitCode, stdout: stdout.join('\n'), stderr: stderr.join('\n'), statuses }
  }

  return {
    app,
    host,
    folder,
    configFolder: path.join(folder, 'config'),
    run: perform,
    /** A file in the folder; answers its path. */
    async file(name: string, bytes: Uint8Array | string): Promise<string> {
      const file = path.join(folder, name)
      await writeFile(file, bytes)
      return file
    },
    /** As somebody who has an account and is logged in. */
    async logIn(username = 'anna'): Promise<void> {
      const args = ['register', host, '--username', username, '--password-stdin']
      const { exitCode, stderr } = await perform(args, { input: 'a long and good one' })
      if (exitCode !== 0) throw new Error(stderr)
    },
    async stop(): Promise<void> {
      await app.stop()
      await rm(folder, { recursive: true })
    },
  }
}
