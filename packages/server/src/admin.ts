import { AppError } from '@imagehost/contract/errors'
import { openMetadata } from './adapters.ts'
import { ConfigError, readConfig } from './config.ts'
import { loadEnvironment } from './environment.ts'
import { createLog } from './log.ts'
import { administer } from './operations/admin.ts'
import { systemClock } from './ports/clock.ts'
import { createAudit } from './services/audit.ts'

/** `npm run admin -- COMMAND NAME`, beside a running server: it sees the change within a second. */
loadEnvironment()
try {
  const config = readConfig(process.env)
  const log = createLog({ LOG_LEVEL: 'warn' })
  const metadata = await openMetadata(config, log, 'beside the server')
  const audit = createAudit({ ...metadata, clock: systemClock, log })
  try {
    process.stdout.write(`${await administer({ ...metadata, audit, clock: systemClock }, process.argv.slice(2))}\n`)
  } finally {
    await metadata.close()
  }
} catch (error) {
  if (!(error instanceof AppError || error instanceof ConfigError)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = error instanceof AppError && error.code === 'validation' ? 2 : 1
}
