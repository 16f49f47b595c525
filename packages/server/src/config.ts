import { isIP } from 'node:net'
import path from 'node:path'
import type { Variable } from './config-variables/variable.ts'
import { type VariableName, variables } from './config-variables.ts'

type Environment = Readonly<Record<string, string | undefined>>

type ValueOf<V extends Variable> = V['type'] extends 'integer' | 'bytes' | 'seconds'
  ? number
  : V['type'] extends 'flag'
    ? boolean
    : V['type'] extends 'list'
      ? string[]
      : V extends { choices: readonly (infer C)[] }
        ? C
        : string

type Setting<V extends Variable> = V extends { default: string | number | boolean } | { type: 'list' }
  ? ValueOf<V>
  : ValueOf<V> | undefined

type Values = { [N in VariableName]: Setting<(typeof variables)[N]> }

export interface Config extends Values {
  /** What somebody who wrote these settings should know; printed at start. */
  notices: string[]
}

/** All mistakes of an environment, told at once. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

/** Environment → Config. Throws ConfigError with a line for each mistake. */
export function readConfig(env: Environment): Config {
  const mistakes: string[] = []
  const values = Object.fromEntries(
    Object.entries(variables).map(([name, variable]) => {
      try {
        return [name, parse(env[name], variable)]
      } catch (error) {
        mistakes.push(`${name}: ${(error as Error).message}`)
        return [name, undefined]
      }
    }),
  ) as unknown as Values
  mistakes.push(...contradictions(values))
  if (mistakes.length > 0) throw new ConfigError(mistakes.join('\n'))
  const config = { ...values, DATA_DIR: path.resolve(values.DATA_DIR), notices: notices(values) }
  return withFlaskDefaults(config)
}

function parse(raw: string | undefined, variable: Variable): unknown {
  const text = raw?.trim() || undefined
  if (text === undefined && variable.default === undefined) return variable.type === 'list' ? [] : undefined
  return parsers[variable.type](text ?? String(variable.default), variable)
}

const whole = (text: string, { min = 0, max = Number.MAX_SAFE_INTEGER }: Variable): number => {
  if (!/^\d{1,15}$/.test(text) || Number(text) < min || Number(text) > max) {
    throw new Error(`${JSON.stringify(text)} is not a whole number from ${min} to ${max}`)
  }
  return Number(text)
}

const units: Record<string, number> = { '': 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3, t: 1024 ** 4 }

const parsers: Record<Variable['type'], (text: string, variable: Variable) => unknown> = {
  string: (text) => text,
  secret: (text) => text,
  integer: whole,
  seconds: whole,
  bytes: (text, variable) => {
    const match = /^(\d{1,15})\s*([kmgt]?)i?b?$/i.exec(text)
    if (!match) throw new Error(`${JSON.stringify(text)} is not a size; write bytes, or 50M, or 2G`)
    return whole(String(Number(match[1]) * units[match[2]!.toLowerCase()]!), variable)
  },
  flag: (text) => {
    if (/^(1|true|yes|on)$/i.test(text)) return true
    if (/^(0|false|no|off)$/i.test(text)) return false
    throw new Error(`${JSON.stringify(text)} is neither 1 nor 0`)
  },
  list: (text) =>
    text
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== ''),
  url: (text) => {
    const url = URL.parse(text)
    if (!url || !/^https?:$/.test(url.protocol)) throw new Error(`${JSON.stringify(text)} is not an http(s) address`)
    return text.replace(/\/+$/, '')
  },
  choice: (text, { choices = [] }) => {
    if (!choices.includes(text)) throw new Error(`${JSON.stringify(text)} is not one of ${choices.join(', ')}`)
    return text
  },
}

function contradictions(values: Values): string[] {
  const mistakes: string[] = []
  if (values.REDIS_URL && values.REDIS_CLUSTER_URLS?.length) {
    mistakes.push('REDIS_URL and REDIS_CLUSTER_URLS: set only one of them')
  }
  if (values.REDIS_URL && !isRedisAddress(values.REDIS_URL)) {
    mistakes.push('REDIS_URL: write it as redis://host:port/db, or rediss:// for TLS')
  }
  if (!(values.REDIS_CLUSTER_URLS ?? []).every(isRedisAddress)) {
    mistakes.push('REDIS_CLUSTER_URLS: write each as redis://host:port, or rediss:// for TLS')
  }
  if (values.CLAMD_URL && !/^(tcp:\/\/[^/]+|unix:\/.+)$/.test(values.CLAMD_URL)) {
    mistakes.push('CLAMD_URL: write it as tcp://host:port, or unix:/path/of/the.socket')
  }
  mistakes.push(...webhookMistakes(values), ...deliveryMistakes(values), ...wrongEntries(values))
  if (Boolean(values.AWS_ACCESS_KEY_ID) !== Boolean(values.AWS_SECRET_ACCESS_KEY)) {
    mistakes.push('AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY: set both, or neither to use the role of the machine')
  }
  if (values.AWS_ENDPOINT_URL_S3 && !values.AWS_S3_BUCKET_NAME) {
    mistakes.push('AWS_S3_BUCKET_NAME: name the bucket at AWS_ENDPOINT_URL_S3')
  }
  return mistakes
}

function webhookMistakes({ REPORT_WEBHOOK_URL: url, REPORT_WEBHOOK_SECRET: secret }: Values): string[] {
  if (Boolean(url) !== Boolean(secret)) return ['REPORT_WEBHOOK_URL and REPORT_WEBHOOK_SECRET: set both, or neither']
  if (!url || !secret) return []
  // HMAC-SHA256 is as strong as its key is long, up to 32 bytes (RFC 2104, section 3).
  if (secret.length < 32) {
    return ['REPORT_WEBHOOK_SECRET: it has to be at least 32 characters; `openssl rand -hex 32` makes one']
  }
  const { username, password } = new URL(url)
  return username || password
    ? ['REPORT_WEBHOOK_URL: leave user and password out; the signature says who it comes from']
    : []
}

function deliveryMistakes({ DELIVERY, AWS_S3_BUCKET_NAME, X_ACCEL_PREFIX, CONTENT_URL, PUBLIC_URL }: Values): string[] {
  const mistakes: string[] = []
  if (DELIVERY === 'x-accel' && AWS_S3_BUCKET_NAME) {
    mistakes.push('DELIVERY: x-accel sends files of DATA_DIR; with AWS_S3_BUCKET_NAME use stream or redirect')
  }
  if (!/^\/(.*\/)?$/.test(X_ACCEL_PREFIX)) {
    mistakes.push('X_ACCEL_PREFIX: write it as a path with a slash at both ends, such as /_blobs/')
  }
  if (CONTENT_URL && URL.parse(CONTENT_URL)?.origin !== CONTENT_URL) {
    mistakes.push('CONTENT_URL: write it as an origin, such as https://img-content.example, without a path')
  }
  if (CONTENT_URL && CONTENT_URL === PUBLIC_URL) {
    mistakes.push('CONTENT_URL: has to be another origin than PUBLIC_URL, or it keeps nothing apart')
  }
  return mistakes
}

/** What each entry of a list has to be. */
const entryRules = [
  { name: 'IMPORT_PORTS', what: 'a port', fits: (port) => /^\d{1,5}$/.test(port) && Number(port) <= 65535 },
  { name: 'TRUSTED_PROXIES', what: 'an address or network', fits: (proxy) => isIP(proxy.split('/')[0]!) > 0 },
  {
    name: 'CORS_ORIGINS',
    what: 'an origin; write https://app.example.org, without a path, or * alone',
    fits: (origin, { length }) =>
      origin === '*' ? length === 1 : /^https?:/.test(origin) && URL.parse(origin)?.origin === origin,
  },
] as const satisfies { name: VariableName; what: string; fits(entry: string, all: string[]): boolean }[]

const wrongEntries = (values: Values): string[] =>
  entryRules.flatMap(({ name, what, fits }) =>
    (values[name] ?? [])
      .filter((entry, _, all) => !fits(entry, all))
      .map((entry) => `${name}: ${JSON.stringify(entry)} is not ${what}`),
  )

const isRedisAddress = (url: string): boolean =>
  /^unix:\/\//.test(url) || (/^rediss?:\/\//.test(url) && URL.canParse(url))

function notices(values: Values): string[] {
  return values.FLASK_DEBUG === undefined ? [] : ['FLASK_DEBUG is not used any more; LOG_LEVEL=debug replaces it.']
}

/** Never an empty SQLite where somebody's data is: a Flask `.env` without REDIS_URL meant this address. */
function withFlaskDefaults(config: Config): Config {
  const needsRedis = config.FLASK_SECRET && !config.REDIS_URL && config.REDIS_CLUSTER_URLS.length === 0
  return needsRedis ? { ...config, REDIS_URL: 'redis://localhost:6379/0' } : config
}
