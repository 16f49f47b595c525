import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { ConfigError, readConfig } from './config.ts'
import { type VariableName, variables } from './config-variables.ts'

const mistakesOf = (env: Record<string, string>): string[] => {
  try {
    readConfig(env)
    return []
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return error.message.split('\n')
  }
}

test('an empty environment is a server with the embedded engines, for this machine only', () => {
  expect(readConfig({})).toMatchObject({
    HOST: '127.0.0.1',
    PORT: 8000,
    DATA_DIR: path.resolve('data'),
    REDIS_URL: undefined,
    REDIS_CLUSTER_URLS: [],
    AWS_S3_BUCKET_NAME: undefined,
    DEV_ISSUE_KEY: false,
    IMPORT_PORTS: ['80', '443'],
    notices: [],
  })
})

test('every default is a value that its own variable would accept', () => {
  const defaults = Object.entries(variables).flatMap(([name, variable]) =>
    'default' in variable ? [[name, String(variable.default)]] : [],
  )
  expect(readConfig(Object.fromEntries(defaults))).toEqual(readConfig({}))
})

test('a value of nothing but blanks is as if it were not set', () => {
  const blank = Object.fromEntries(Object.keys(variables).map((name) => [name, ' ']))
  expect(readConfig(blank)).toEqual(readConfig({}))
})

test('all mistakes are told at once, a line for each', () => {
  const mistakes = mistakesOf({
    PORT: 'eighty',
    LOG_LEVEL: 'loud',
    MAX_UPLOAD_BYTES: 'plenty',
    DEV_ISSUE_KEY: 'maybe',
    PUBLIC_URL: 'img.example.org',
    TRUSTED_PROXIES: 'nginx',
    CORS_ORIGINS: 'https://app.example.org, *, https://app.example.org/, app.example.org',
    AWS_ACCESS_KEY_ID: 'AKIA',
  })
  expect(mistakes).toEqual([
    'PORT: "eighty" is not a whole number from 0 to 65535',
    'PUBLIC_URL: "img.example.org" is not an http(s) address',
    'LOG_LEVEL: "loud" is not one of fatal, error, warn, info, debug, trace, silent',
    'DEV_ISSUE_KEY: "maybe" is neither 1 nor 0',
    'MAX_UPLOAD_BYTES: "plenty" is not a size; write bytes, or 50M, or 2G',
    'TRUSTED_PROXIES: "nginx" is not an address or network',
    'CORS_ORIGINS: "*" is not an origin; write https://app.example.org, without a path, or * alone',
    'CORS_ORIGINS: "https://app.example.org/" is not an origin; write https://app.example.org, without a path, or * alone',
    'CORS_ORIGINS: "app.example.org" is not an origin; write https://app.example.org, without a path, or * alone',
    'AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY: set both, or neither to use the role of the machine',
  ])
})

describe('types', () => {
  const read = (name: VariableName, text: string) => readConfig({ [name]: text })[name]

  test.each<[VariableName, string, unknown]>([
    ['PORT', '80', 80],
    ['PORT', ' 0 ', 0],
    ['RECEIVE_SECONDS', '10', 10],
    ['MAX_UPLOAD_BYTES', '2048', 2048],
    ['MAX_UPLOAD_BYTES', '2K', 2048],
    ['MAX_UPLOAD_BYTES', '50 MB', 50 * 1024 ** 2],
    ['MAX_UPLOAD_BYTES', '50mib', 50 * 1024 ** 2],
    ['QUOTA_BYTES', '2G', 2 * 1024 ** 3],
    ['QUOTA_BYTES', '1T', 1024 ** 4],
    ['DEV_ISSUE_KEY', '1', true],
    ['DEV_ISSUE_KEY', 'TRUE', true],
    ['DEV_ISSUE_KEY', 'yes', true],
    ['DEV_ISSUE_KEY', 'off', false],
    ['DEV_ISSUE_KEY', '0', false],
    ['CORS_ORIGINS', '*', ['*']],
    [
      'CORS_ORIGINS',
      'https://app.example.org, http://localhost:5173',
      ['https://app.example.org', 'http://localhost:5173'],
    ],
    ['TRUSTED_PROXIES', '127.0.0.1, 10.0.0.0/8 ,::1,', ['127.0.0.1', '10.0.0.0/8', '::1']],
    ['PUBLIC_URL', 'https://img.example.org/', 'https://img.example.org'],
    ['AWS_ENDPOINT_URL_S3', 'http://localhost:9000', 'http://localhost:9000'],
    ['REGISTRATION', 'closed', 'closed'],
    ['METRICS_TOKEN', 'a token', 'a token'],
  ])('%s=%j is %j', (name, text, value) => {
    const bucket = name === 'AWS_ENDPOINT_URL_S3' ? { AWS_S3_BUCKET_NAME: 'pics' } : {}
    expect(readConfig({ ...bucket, [name]: text })[name]).toEqual(value)
  })

  test.each<[VariableName, string]>([
    ['PORT', '65536'],
    ['PORT', '-1'],
    ['PORT', '80.0'],
    ['PORT', '1e3'],
    ['PORT', '٨٠'],
    ['MAX_UPLOAD_BYTES', '1.5M'],
    ['MAX_UPLOAD_BYTES', '10'],
    ['MAX_UPLOAD_BYTES', '2G'],
    ['QUOTA_BYTES', '999999999999999T'],
    ['PASSWORD_MIN_LENGTH', '4'],
    ['PRESIGN_SECONDS', '60'],
    ['PUBLIC_URL', 'ftp://img.example.org'],
    ['S3_PUBLIC_URL', 'javascript:alert(1)'],
    ['REGISTRATION', 'Open'],
  ])('%s=%j is refused in one line that begins with its name', (name, text) => {
    expect(() => read(name, text)).toThrow(ConfigError)
    expect(mistakesOf({ [name]: text })).toEqual([expect.stringMatching(new RegExp(`^${name}: "`))])
  })
})

test.each<[Record<string, string>, string]>([
  [
    { REDIS_URL: 'redis://a', REDIS_CLUSTER_URLS: 'redis://b' },
    'REDIS_URL and REDIS_CLUSTER_URLS: set only one of them',
  ],
  [{ REDIS_URL: 'localhost:6379' }, 'REDIS_URL: write it as redis://host:port/db, or rediss:// for TLS'],
  [
    { REDIS_CLUSTER_URLS: 'redis://a, b:1' },
    'REDIS_CLUSTER_URLS: write each as redis://host:port, or rediss:// for TLS',
  ],
  [{ REPORT_WEBHOOK_URL: 'https://a.example' }, 'REPORT_WEBHOOK_URL and REPORT_WEBHOOK_SECRET: set both, or neither'],
  [
    { REPORT_WEBHOOK_URL: 'https://a.example', REPORT_WEBHOOK_SECRET: 'short' },
    'REPORT_WEBHOOK_SECRET: it has to be at least 32 characters; `openssl rand -hex 32` makes one',
  ],
  [
    { REPORT_WEBHOOK_URL: 'https://me:hunter2@a.example', REPORT_WEBHOOK_SECRET: 'x'.repeat(32) },
    'REPORT_WEBHOOK_URL: leave user and password out; the signature says who it comes from',
  ],
  [{ IMPORT_PORTS: '80,http' }, 'IMPORT_PORTS: "http" is not a port'],
  [{ IMPORT_PORTS: '65536' }, 'IMPORT_PORTS: "65536" is not a port'],
  [{ AWS_ENDPOINT_URL_S3: 'http://minio:9000' }, 'AWS_S3_BUCKET_NAME: name the bucket at AWS_ENDPOINT_URL_S3'],
])('%j is a contradiction, and the cure is said', (env, mistake) => expect(mistakesOf(env)).toEqual([mistake]))

test.each(['redis://:hunter2@host:port', 'http://u:hunter2@host'])('a mistake never shows the password in %s', (url) =>
  expect(mistakesOf({ REDIS_URL: url, REDIS_CLUSTER_URLS: url }).join()).not.toContain('hunter2'),
)

describe('the Flask project’s settings', () => {
  test('without REDIS_URL mean its default Redis, never an empty SQLite', () => {
    expect(readConfig({ FLASK_SECRET: 'theirs' }).REDIS_URL).toBe('redis://localhost:6379/0')
  })

  test('with one mean that, and so does a Cluster', () => {
    const url = 'redis://elsewhere:6380/3'
    expect(readConfig({ FLASK_SECRET: 'theirs', REDIS_URL: url }).REDIS_URL).toBe(url)
    expect(readConfig({ FLASK_SECRET: 'theirs', REDIS_CLUSTER_URLS: url })).toMatchObject({
      REDIS_URL: undefined,
      REDIS_CLUSTER_URLS: [url],
    })
  })

  test.each(['0', '1', 'true', 'whatever'])('FLASK_DEBUG=%s is answered with one line', (value) => {
    const { notices } = readConfig({ FLASK_DEBUG: value })
    expect(notices).toEqual(['FLASK_DEBUG is not used any more; LOG_LEVEL=debug replaces it.'])
  })
})
