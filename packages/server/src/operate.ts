import { ConfigError, readConfig } from './config.ts'
import { loadEnvironment } from './environment.ts'
import { contextOf } from './operation-context.ts'
import { OperationError } from './operations/operation.ts'
import { operations } from './operations/operations.ts'
import { BlobsUnavailable } from './ports/blob-store.ts'
import { MetadataUnavailable } from './ports/metadata-store.ts'

/** `npm run backup -- FOLDER` and the like: what an operator does with all that there is, beside the servers or without them. */
loadEnvironment()
const [name = '', ...args] = process.argv.slice(2)
try {
  const operation = operations[name]
  if (!operation) throw new OperationError(usage())
  process.exitCode = (await operation.run(contextOf(readConfig(process.env)), args)) ? 0 : 1
} catch (error) {
  if (!isForTheOperator(error)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = error instanceof OperationError && error.message.startsWith('Usage:') ? 2 : 1
}

function isForTheOperator(error: unknown): error is Error {
  if (!(error instanceof Error)) return false
  const isKnown = [OperationError, ConfigError, MetadataUnavailable, BlobsUnavailable].some(
    (each) => error instanceof each,
  )
  return isKnown || ('code' in error && String(error.code).startsWith('ERR_PARSE_ARGS'))
}

function usage(): string {
  const lines = Object.entries(operations).map(
    ([each, { usage: words, summary }]) => `  npm run ${each} -- ${words}\n      ${summary}`,
  )
  return ['Usage:', ...lines].join('\n')
}
