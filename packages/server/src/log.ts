import { type Logger, pino } from 'pino'
import type { Config } from './config.ts'

/** Lines of JSON on stdout. Headers and bodies are never logged; should one slip into a log call, its secrets are blanked. */
export function createLog(config: Config): Logger {
  return pino({
    level: config.LOG_LEVEL,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: {
      paths: ['*', 'req.headers', 'headers', 'body', 'err.options', 'err.config'].flatMap((place) =>
        secretNames.map((name) => (place === '*' ? name : `${place}["${name}"]`)),
      ),
      censor: '[secret]',
    },
  })
}

const secretNames = ['password', 'authorization', 'cookie', 'x-api-key', 'api_key', 'apiKey', 'secret', 'token'].map(
  String,
)
