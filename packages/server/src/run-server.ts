import { type App, createApp } from './app.ts'
import { type Config, ConfigError, readConfig } from './config.ts'
import { patiently } from './patience.ts'
import { isForThisMachine } from './people.ts'
import { isLoopback } from './services/network.ts'
import { stopAt } from './stop-at-step.ts'

/** What is still under way after this is cut off: shorter than the time after which service managers kill. */
const drainMs = 9_000
/** How long the database may be away before the greeting does without what it knows. */
const patienceMs = 5_000
/** npm hands the terminal's Ctrl-C on, so that one press arrives twice; only a later one means "at once". */
const sameSignalMs = 1_000

/** Starts the server and stops it on SIGTERM or Ctrl-C. Faults of the set-up end in one readable message and exit code 1. */
export async function runServer(env: NodeJS.ProcessEnv): Promise<void> {
  try {
    const config = readConfig(env)
    const app = await createApp(config, { ...(config.STOP_AT_STEP && { onStep: stopAt(config.STOP_AT_STEP) }) })
    // Who listens is asked at once, by a proxy that has waited for it: so not before all is made, which keeps the process busy,
    // and the database has answered after that.
    await app.server.ready()
    await patiently(app.metadata.ping, patienceMs)
    await listen(app, config)
    const sweeping = app.sweeper.start()
    stopOnSignal(app, sweeping)
    await greet(app, config)
  } catch (error) {
    process.stderr.write(`ImageHost did not start.\n${explain(error)}\n`)
    process.exit(1)
  }
}

async function listen({ server, close }: App, config: Config): Promise<void> {
  try {
    await server.listen({ host: config.HOST, port: config.PORT })
  } catch (error) {
    await close()
    throw portProblem(error as NodeJS.ErrnoException, config) ?? error
  }
}

function portProblem({ code }: NodeJS.ErrnoException, { HOST, PORT }: Config): ConfigError | undefined {
  if (code === 'EACCES') {
    return new ConfigError(
      `PORT: ${PORT} needs root on this machine. Set PORT=8000 (nginx in front listens on 80), or allow it with: ` +
        `sudo sysctl net.ipv4.ip_unprivileged_port_start=${PORT}`,
    )
  }
  if (code === 'EADDRINUSE')
    return new ConfigError(`PORT: ${PORT} is taken by another program. Set another PORT, such as ${PORT + 1}.`)
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return new ConfigError(`HOST: this machine has no address ${HOST}. Use 127.0.0.1, or 0.0.0.0 for all.`)
  }
  return undefined
}

const explain = (error: unknown): string =>
  error instanceof ConfigError ? error.message : ((error as Error).stack ?? String(error))

function stopOnSignal(app: App, sweeping: { stop: () => Promise<void> }): void {
  let stoppingSince: number | undefined
  const stop = async () => {
    if (stoppingSince !== undefined) {
      if (Date.now() - stoppingSince > sameSignalMs) process.exit(130)
      return
    }
    stoppingSince = Date.now()
    app.beginStop()
    setTimeout(() => process.exit(1), drainMs).unref()
    await sweeping.stop()
    await app.close()
    process.exit(0)
  }
  process.on('SIGINT', () => void stop())
  process.on('SIGTERM', () => void stop())
}

/**
 * To the terminal, or to the journal of the service manager: never by the log, which may be kept and read by others than
 * those who have the shell, since a code by which one becomes administrator may be in it.
 */
async function greet(app: App, config: Config): Promise<void> {
  const { server, metadata, blobs, settings } = app
  const { port } = server.server.address() as { port: number }
  const isLocal = isLoopback(config.HOST)
  const url = config.PUBLIC_URL ?? `http://${isLocal || config.HOST === '0.0.0.0' ? 'localhost' : config.HOST}:${port}`
  const known = await patiently(
    async () => ({
      registration: registrationWords[(await settings.get()).registration],
      administrator: await administratorLines(app, config, url),
    }),
    patienceMs,
  )
  const lines = [
    '',
    `  ImageHost  ${url}`,
    '',
    `  Metadata   ${metadata.engine === 'sqlite' ? `SQLite in ${config.DATA_DIR}` : 'Redis'}`,
    `  Bytes      ${blobs.kind === 's3' ? `bucket ${config.AWS_S3_BUCKET_NAME}` : `files in ${config.DATA_DIR}`}`,
    `  Reachable  ${isLocal ? `from this machine only; HOST=0.0.0.0 opens it to others` : `at ${config.HOST}, port ${port}`}`,
    `  Accounts   ${known ? `registration is ${known.registration}` : 'the database does not answer; it is tried on'}`,
    ...config.notices.map((notice) => `  Note       ${notice}`),
    '',
    '  Make an account, then send it a picture:',
    `    curl ${url}/api/v1/register -H 'Content-Type: application/json' -d '{"username":"alice","password":"a long one"}'`,
    `    curl ${url}/api/v1/upload -H 'X-API-Key: THE_KEY' -F file=@picture.jpg`,
    ...(known?.administrator ?? []),
    `  The API: ${url}/docs   Stop with Ctrl-C.`,
    '',
  ]
  process.stderr.write(`${lines.join('\n')}\n`)
}

const registrationWords = { open: 'open', invite: 'by invite', closed: 'closed' }

/** How somebody becomes administrator, while nobody ever was. */
async function administratorLines({ setup, metadata }: App, config: Config, url: string): Promise<string[]> {
  const code = await setup.code()
  if (code === undefined) return []
  const { items: accounts } = await metadata.accounts.list({ prefix: '', limit: 1 })
  const isOwn = isForThisMachine(config, metadata) && accounts.length === 0
  return [
    isOwn
      ? '  Administrator is the first account made here. While there is none, whoever sends this code becomes it:'
      : '  Administrator becomes whoever is first to send this code, with the key of an account:',
    `    curl ${url}/api/v1/setup -H 'X-API-Key: THE_KEY' -H 'Content-Type: application/json' -d '{"code":"${code}"}'`,
  ]
}
