import { readSchema } from './adapters.ts'
import { ConfigError, readConfig } from './config.ts'
import { loadEnvironment } from './environment.ts'
import { checkSecrets } from './secrets.ts'

/**
 * Whether a server of this release would start here: reads the settings, asks the metadata store for its schema, and changes
 * nothing, also beside a running server. Ends with 1 if settings or store are wrong, with 3 if a newer release has
 * changed the data. deploy.sh asks it of a release before that runs, and of the one before when it has to return.
 */
loadEnvironment()
try {
  const config = readConfig(process.env)
  checkSecrets(config)
  const { found, known } = await readSchema(config)
  process.stdout.write(`Schema of the data: ${found}; this release knows up to ${known}.\n`)
  if (found > known) process.exitCode = 3
} catch (error) {
  process.stderr.write(`${error instanceof ConfigError ? error.message : ((error as Error).stack ?? error)}\n`)
  process.exitCode = 1
}
