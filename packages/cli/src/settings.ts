import { randomUUID } from 'node:crypto'
import { chmod, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import path from 'node:path'
import { Failure } from './faults.ts'

export interface Credential {
  api_key: string
  username?: string
}

export type Settings = ReturnType<typeof createSettings>

/** Keys are for their owner alone (0600 in 0700); the rest lies beside them. */
const fileMode = 0o600
const directoryMode = 0o700

/** What is kept between two runs: `config.json`, and `credentials.json` with a key for each server. */
export function createSettings({ env, platform }: { env: NodeJS.ProcessEnv; platform: NodeJS.Platform }) {
  const home = env.HOME || env.USERPROFILE || homedir()
  const directory = env.IMAGEHOST_CONFIG_DIR || path.join(configHome(env, platform, home), 'imagehost')
  const configFile = path.join(directory, 'config.json')
  const credentialsFile = path.join(directory, 'credentials.json')

  async function read(file: string): Promise<Record<string, unknown>> {
    try {
      return JSON.parse(await readFile(file, 'utf8'))
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {}
      if (error instanceof SyntaxError) throw new Failure(`${file} is no JSON.`, 'Mend or delete it.')
      throw error
    }
  }

  /** Under another name first, so that a crash or a full disk leaves the old one. */
  async function write(file: string, content: object): Promise<void> {
    await mkdir(directory, { recursive: true, mode: directoryMode })
    await chmod(directory, directoryMode)
    const temporary = `${file}.${randomUUID()}`
    try {
      await writeFile(temporary, `${JSON.stringify(content, null, 2)}\n`, { mode: fileMode, flag: 'wx' })
      await rename(temporary, file)
    } finally {
      await rm(temporary, { force: true })
    }
  }

  return {
    directory,
    credentialsFile,
    config: async () => (await read(configFile)) as Record<string, string>,
    /** Undefined takes it away. */
    async setConfig(name: string, value: string | undefined): Promise<void> {
      const { [name]: _, ...rest } = await read(configFile)
      await write(configFile, value === undefined ? rest : { ...rest, [name]: value })
    },
    credentials: async () => (await read(credentialsFile)) as Record<string, Credential>,
    /** Undefined forgets it. */
    async setCredential(host: string, credential: Credential | undefined): Promise<void> {
      const { [host]: _, ...rest } = await read(credentialsFile)
      await write(credentialsFile, credential === undefined ? rest : { ...rest, [host]: credential })
    },
    /** Whether others on this machine can read the keys, as far as the system knows such a thing. */
    async isExposed(): Promise<boolean> {
      if (platform === 'win32') return false
      const facts = await stat(credentialsFile).catch(() => undefined)
      return facts !== undefined && (facts.mode & 0o077) !== 0
    },
    /** The key that the command of the Flask project left. */
    async flaskKey(): Promise<string | undefined> {
      const text = await readFile(path.join(home, '.imagehost_key'), 'utf8').catch(() => '')
      return text.trim() || undefined
    },
  }
}

function configHome(env: NodeJS.ProcessEnv, platform: NodeJS.Platform, home: string): string {
  if (env.XDG_CONFIG_HOME) return env.XDG_CONFIG_HOME
  return platform === 'win32' && env.APPDATA ? env.APPDATA : path.join(home, '.config')
}
