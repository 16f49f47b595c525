import { hkdfSync, randomBytes } from 'node:crypto'
import { linkSync, mkdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { type Config, ConfigError } from './config.ts'

/** Secrets from documents and examples: whoever reads those could forge what they sign. */
const wellKnown = new Set([
  'dev-secret',
  'your-secret-key-here',
  'your-secret-key',
  'secret',
  'secret-key',
  'changeme',
  'change-me',
  'dev',
  'flask-secret',
])

const recipe = `node -p "require('crypto').randomBytes(32).toString('base64url')"`

interface SigningKeys {
  /** Signs, and verifies. */
  current: Buffer
  /** Only verify. */
  previous: Buffer[]
}

/**
 * The keys of ours, for one purpose each: derived by HKDF, so that a leak of one says nothing of another.
 * SECRET_KEY, else the Flask project's secret, else the one that DATA_DIR keeps.
 */
export function readSigningKeys(config: Config, purpose: string): SigningKeys {
  const secret = config.SECRET_KEY ?? config.FLASK_SECRET ?? keptSecret(config.DATA_DIR)
  const derive = (text: string) => Buffer.from(hkdfSync('sha256', text, '', `imagehost ${purpose}`, 32))
  return { current: derive(secret), previous: config.SECRET_KEY_PREVIOUS.map(derive) }
}

/** Throws ConfigError where a secret is missing, too short or known to everybody. */
export function checkSecrets(config: Config): void {
  const onRedis = config.REDIS_URL !== undefined || config.REDIS_CLUSTER_URLS.length > 0
  const mistakes: string[] = []
  if (config.SECRET_KEY && (config.SECRET_KEY.length < 32 || wellKnown.has(config.SECRET_KEY))) {
    mistakes.push(`SECRET_KEY: too short or known to everybody. Make one: ${recipe}`)
  }
  if (config.FLASK_SECRET && wellKnown.has(config.FLASK_SECRET.toLowerCase())) {
    // With REDIS_URL in so many words: without FLASK_SECRET it has no default any more, and their data would seem gone.
    const redis = config.REDIS_URL ? ', and keep REDIS_URL, or set it to redis://localhost:6379/0 if it is not set' : ''
    mistakes.push(
      'FLASK_SECRET: known to everybody, so anybody could forge keys with it. ' +
        `Remove it, set SECRET_KEY (${recipe})${redis}; people then log in again for a new key.`,
    )
  }
  if (config.SECRET_KEY_PREVIOUS.some((secret) => wellKnown.has(secret.toLowerCase()))) {
    mistakes.push('SECRET_KEY_PREVIOUS: one of them is known to everybody, so anybody could sign with it. Remove it.')
  }
  if (onRedis && !config.SECRET_KEY && !config.FLASK_SECRET) {
    mistakes.push(`SECRET_KEY: needed with Redis, the same on every server. Make one: ${recipe}`)
  }
  if (mistakes.length > 0) throw new ConfigError(mistakes.join('\n'))
}

/** Made once; two processes that start at the same time end up with the same one, since only one link can win. */
function keptSecret(directory: string): string {
  const file = path.join(directory, 'secret-key')
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const fresh = `${file}.${randomBytes(6).toString('hex')}`
  try {
    return wholeSecret(file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
  writeFileSync(fresh, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600, flush: true })
  try {
    linkSync(fresh, file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    unlinkSync(fresh)
  }
  return wholeSecret(file)
}

/** A file that somebody emptied or cut off must not become a secret that anybody can guess. */
function wholeSecret(file: string): string {
  const secret = readFileSync(file, 'utf8').trim()
  if (secret.length >= 32) return secret
  throw new ConfigError(
    `${file}: too short to be the secret that was kept there. Restore it, or delete it for a new one.`,
  )
}
