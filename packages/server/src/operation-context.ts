import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { openBlobs, openDiagnosticians, openMetadata } from './adapters.ts'
import { type Config, ConfigError, readConfig } from './config.ts'
import { parseDotEnv } from './dot-env.ts'
import { createLog } from './log.ts'
import { type OperationContext, OperationError, type Stores } from './operations/operation.ts'
import { systemClock } from './ports/clock.ts'
import { checkSecrets, readSigningKeys } from './secrets.ts'
import { createLabels } from './services/labels.ts'
import { isLoopback } from './services/network.ts'
import { createSealing } from './services/sealing.ts'

const log = createLog({ LOG_LEVEL: 'warn' })

/** Config → what operations work with: the adapters, the clock, and the terminal. */
export function contextOf(config: Config): OperationContext {
  const isTerminal = process.stderr.isTTY
  const clear = isTerminal ? '\r\u001b[2K' : ''
  return {
    openStores: (envFile) => openStores(envFile === undefined ? config : configOf(envFile)),
    openSnapshot: (stores) => openSnapshot(config, stores),
    openFolder: async (directory) => {
      const { createFilesystemStore } = await import('./infrastructure/filesystem/store.ts')
      return createFilesystemStore({ ...nothingSigned, directory, clock: systemClock })
    },
    openIntake: async () => {
      const { createApp } = await import('./app.ts')
      const { metadata, uploads, spool, close } = await createApp(config, { log, isBesideServer: true })
      return { accounts: metadata.accounts, uploads, spool, close }
    },
    machine: {
      dataDirectory: config.DATA_DIR,
      isEmbedded:
        config.AWS_S3_BUCKET_NAME === undefined || (!config.REDIS_URL && config.REDIS_CLUSTER_URLS.length === 0),
      publicUrl: config.PUBLIC_URL,
      isBehindProxy: isLoopback(config.HOST) && config.PUBLIC_URL !== undefined && !isLocal(config.PUBLIC_URL),
      trustsProxy: config.TRUSTED_PROXIES.length > 0,
      secretProblem: secretProblem(config),
    },
    openDiagnosticians: () => openDiagnosticians(config, { clock: systemClock, log }),
    secretFile: config.SECRET_KEY || config.FLASK_SECRET ? undefined : path.join(config.DATA_DIR, 'secret-key'),
    clock: systemClock,
    say: (line) => process.stdout.write(`${isTerminal ? clear : ''}${line}\n`),
    progress: (text) => process.stderr.write(isTerminal ? `${clear}${text}` : ''),
  }
}

function secretProblem(config: Config): string | undefined {
  try {
    checkSecrets(config)
    return undefined
  } catch (error) {
    return (error as Error).message
  }
}

const isLocal = (url: string): boolean => isLoopback(new URL(url).hostname)

async function openStores(config: Config): Promise<Stores> {
  checkSecrets(config)
  const keys = readSigningKeys(config, 'operations')
  const sealing = createSealing(readSigningKeys(config, 'labels'))
  const metadata = await openMetadata(config, log, 'beside the server')
  try {
    const { blobs } = await openBlobs(config, { clock: systemClock, log })
    return {
      metadata,
      blobs,
      labels: createLabels({ sealing, blobs, images: metadata.images }),
      secrets: [keys.current, ...keys.previous].map((key) => key.toString('base64url')),
      close: async () => {
        await blobs.close()
        await metadata.close()
      },
    }
  } catch (error) {
    await metadata.close()
    throw error
  }
}

/** Of SQLite a copy in a folder of its own, which is gone afterwards; Redis is read as it is. */
async function openSnapshot(config: Config, { metadata }: Stores) {
  if (metadata.engine !== 'sqlite') return { metadata, close: async () => {} }
  const { copyDatabase, createSqliteStore } = await import('./infrastructure/sqlite/store.ts')
  const directory = mkdtempSync(path.join(tmpdir(), 'imagehost-snapshot-'))
  const remove = () => rmSync(directory, { recursive: true, force: true })
  try {
    await copyDatabase(config.DATA_DIR, directory)
    const copy = await createSqliteStore({ directory, exclusive: false })
    return { metadata: copy, close: () => copy.close().finally(remove) }
  } catch (error) {
    remove()
    throw error
  }
}

/** Only what the file says, and what programs need to run: its stores are not those of this environment. */
function configOf(file: string): Config {
  try {
    return readConfig(parseDotEnv(readFileSync(file, 'utf8')))
  } catch (error) {
    if (error instanceof ConfigError) throw new OperationError(`${file}: ${error.message}`)
    throw new OperationError(`${file} cannot be read: ${(error as NodeJS.ErrnoException).code}.`)
  }
}

/** Nobody reaches the folder of a backup by an address. */
const nothingSigned = {
  baseUrl: () => '',
  signingKey: Buffer.alloc(32),
  previousSigningKeys: [],
  maxBytes: Number.MAX_SAFE_INTEGER,
}
