import { type DestinationStream, type Logger, pino } from 'pino'
import type { Config } from './config.ts'

/**
 * Lines of JSON on stdout, or where the caller says. Headers, bodies and query strings are never logged; should one slip
 * into a log call, the secrets in it are blanked.
 */
export function createLog({ LOG_LEVEL }: Pick<Config, 'LOG_LEVEL'>, destination?: DestinationStream): Logger {
  const redact = {
    paths: places.flatMap((place) => secretNames.map((name) => `${place}["${name}"]`)),
    censor: '[secret]',
  }
  return pino(
    { level: LOG_LEVEL, base: null, timestamp: pino.stdTimeFunctions.isoTime, redact },
    destination ?? together(pino.destination(1)),
  )
}

/** Lines of one turn of the event loop leave in one write: of eight answers at once, seven cost none. */
function together(out: DestinationStream): DestinationStream {
  let lines = ''
  const flush = () => {
    if (lines !== '') out.write(lines)
    lines = ''
  }
  // Also what an uncaught error has to say.
  process.once('exit', flush)
  return {
    write(line) {
      if (lines === '') setImmediate(flush)
      lines += line
    },
  }
}

/** Where a log call might carry what a client sent. */
const places = ['*', 'req.headers', 'err.options', 'err.config']
const secretNames = ['password', 'authorization', 'cookie', 'x-api-key', 'api_key', 'apiKey', 'secret', 'token']
