/**
 * Every environment variable that the server reads: what it means, its default, how it is checked.
 * `docs/configuration.md` is printed from this table.
 */
export interface Variable {
  readonly type: 'string' | 'secret' | 'integer' | 'bytes' | 'seconds' | 'flag' | 'list' | 'url' | 'choice'
  readonly default?: string | number | boolean
  readonly choices?: readonly string[]
  readonly min?: number
  readonly max?: number
  readonly group:
    | 'Server'
    | 'Storage of metadata'
    | 'Storage of bytes'
    | 'Accounts'
    | 'Administration'
    | 'Uploads'
    | 'Limits'
    | 'Moving from Flask'
  readonly help: string
}

const MiB = 1024 * 1024

export const variables = {
  HOST: { type: 'string', default: '127.0.0.1', group: 'Server', help: 'Address to listen on; `0.0.0.0` for all.' },
  PORT: { type: 'integer', default: 8000, min: 0, max: 65535, group: 'Server', help: 'Port to listen on.' },
  PUBLIC_URL: {
    type: 'url',
    group: 'Server',
    help: 'Where people reach this server, such as `https://img.example.org`; links begin with it. Without it, with the Host of each request. If it is https, browsers are told for a year to use nothing else here and on its subdomains.',
  },
  TRUSTED_PROXIES: {
    type: 'list',
    group: 'Server',
    help: 'Addresses or networks of the proxies in front, such as `127.0.0.1, 10.0.0.0/8`. Only from them are `X-Forwarded-*` headers believed.',
  },
  CORS_ORIGINS: {
    type: 'list',
    group: 'Server',
    help: 'Other sites whose scripts may call the API with a key, such as `https://app.example.org`; `*` for all. Cookies never count there. A bucket has CORS rules of its own.',
  },
  LOG_LEVEL: {
    type: 'choice',
    choices: ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'],
    default: 'info',
    group: 'Server',
    help: 'How much is logged; `debug` adds a line for each successful read of bytes.',
  },
  SECRET_KEY: {
    type: 'secret',
    group: 'Server',
    help: 'Signs addresses; at least 32 characters. Made and kept in DATA_DIR when metadata is in SQLite; needed with Redis.',
  },
  SECRET_KEY_PREVIOUS: {
    type: 'list',
    group: 'Server',
    help: 'Former secrets: what they signed stays valid, and two-factor that they sealed stays readable.',
  },
  METRICS_TOKEN: {
    type: 'secret',
    group: 'Server',
    help: 'Opens `/metrics` from anywhere as `Authorization: Bearer …`; without it only loopback may read.',
  },
  DATA_DIR: {
    type: 'string',
    default: './data',
    group: 'Server',
    help: 'Where the embedded database, the embedded storage, the generated secret and temporary files lie.',
  },
  WORK_MEMORY_BYTES: {
    type: 'bytes',
    default: 384 * MiB,
    min: 64 * MiB,
    group: 'Server',
    help: 'Memory that pictures under work may take together, by estimate. More waits; what can never fit is refused.',
  },
  WORK_SLOTS: {
    type: 'integer',
    default: 0,
    min: 0,
    max: 256,
    group: 'Server',
    help: 'Pictures worked on at the same time; 0: as many as there are cores.',
  },
  WORK_QUEUE: {
    type: 'integer',
    default: 256,
    min: 1,
    max: 100_000,
    group: 'Server',
    help: 'Pictures that may wait for work; more are answered 503 with Retry-After.',
  },

  REDIS_URL: {
    type: 'secret',
    group: 'Storage of metadata',
    help: 'Redis 6.2 or later, or Valkey, such as `redis://localhost:6379/0`. Without it SQLite in DATA_DIR.',
  },
  REDIS_CLUSTER_URLS: {
    type: 'list',
    group: 'Storage of metadata',
    help: 'Some nodes of a Redis Cluster, instead of REDIS_URL.',
  },

  AWS_S3_BUCKET_NAME: {
    type: 'string',
    group: 'Storage of bytes',
    help: 'The bucket. Without it the bytes lie in DATA_DIR.',
  },
  AWS_REGION: { type: 'string', default: 'us-east-1', group: 'Storage of bytes', help: 'Region of the bucket.' },
  AWS_ENDPOINT_URL_S3: {
    type: 'url',
    group: 'Storage of bytes',
    help: 'An S3-compatible store other than AWS.',
  },
  AWS_ENDPOINT_URL: {
    type: 'url',
    group: 'Storage of bytes',
    help: 'The same for all services of AWS; AWS_ENDPOINT_URL_S3 goes before it.',
  },
  AWS_ACCESS_KEY_ID: {
    type: 'secret',
    group: 'Storage of bytes',
    help: 'Credentials of the bucket; without them the usual AWS chain (profile, container, instance role) is asked.',
  },
  AWS_SECRET_ACCESS_KEY: { type: 'secret', group: 'Storage of bytes', help: 'See AWS_ACCESS_KEY_ID.' },
  AWS_SESSION_TOKEN: { type: 'secret', group: 'Storage of bytes', help: 'See AWS_ACCESS_KEY_ID.' },
  S3_FORCE_PATH_STYLE: {
    type: 'flag',
    default: false,
    group: 'Storage of bytes',
    help: 'Addresses as `endpoint/bucket/key`, which most stores other than AWS need.',
  },
  S3_PUBLIC_URL: {
    type: 'url',
    group: 'Storage of bytes',
    help: 'Public or CDN address of the bucket; images that are not private are redirected to it.',
  },

  REGISTRATION: {
    type: 'choice',
    choices: ['open', 'invite', 'closed'],
    default: 'open',
    group: 'Accounts',
    help: 'Who may make an account: anybody, whoever has an invite of an administrator, or nobody.',
  },
  PASSWORD_MIN_LENGTH: {
    type: 'integer',
    default: 8,
    min: 8,
    max: 128,
    group: 'Accounts',
    help: 'Fewest characters of a new password.',
  },
  DEV_ISSUE_KEY: {
    type: 'flag',
    default: false,
    group: 'Accounts',
    help: 'Opens `POST /api/v1/dev/issue-key`, which gives anybody a key of a throw-away account. For development.',
  },
  DEFAULT_VISIBILITY: {
    type: 'choice',
    choices: ['public', 'unlisted', 'private'],
    default: 'unlisted',
    group: 'Accounts',
    help: 'Visibility of uploads that name none.',
  },

  AUDIT_DAYS: {
    type: 'integer',
    default: 365,
    max: 36_500,
    group: 'Administration',
    help: 'How long the audit log and reports that are done with are kept; 0: for ever.',
  },

  REPORT_WEBHOOK_URL: {
    type: 'url',
    group: 'Administration',
    help: 'Told of each report of an image by a signed POST, see [webhook.md](webhook.md).',
  },
  REPORT_WEBHOOK_SECRET: {
    type: 'secret',
    group: 'Administration',
    help: 'Signs those; at least 32 characters that the receiver knows too.',
  },

  MAX_UPLOAD_BYTES: {
    type: 'bytes',
    default: 50 * MiB,
    min: 1024,
    max: 1024 * MiB,
    group: 'Uploads',
    help: 'Largest file.',
  },
  MAX_UPLOAD_FILES: {
    type: 'integer',
    default: 50,
    min: 1,
    max: 1000,
    group: 'Uploads',
    help: 'Most files in one multipart request.',
  },
  MAX_IMAGE_PIXELS: {
    type: 'integer',
    default: 100_000_000,
    min: 1,
    max: 1_000_000_000,
    group: 'Uploads',
    help: 'Most pixels, over all frames.',
  },
  MAX_IMAGE_FRAMES: {
    type: 'integer',
    default: 2000,
    min: 1,
    max: 100_000,
    group: 'Uploads',
    help: 'Most frames of an animation.',
  },
  MAX_IMAGE_SIDE: {
    type: 'integer',
    default: 16_384,
    min: 1,
    max: 65_535,
    group: 'Uploads',
    help: 'Longest side, in pixels.',
  },
  MAX_OPEN_DRAFTS: {
    type: 'integer',
    default: 100,
    min: 1,
    max: 10_000,
    group: 'Uploads',
    help: 'Uploads that an account may have begun and not completed.',
  },
  QUOTA_BYTES: {
    type: 'bytes',
    group: 'Uploads',
    help: 'Bytes that an account may hold, begun uploads included. Without it there is no limit.',
  },
  QUOTA_IMAGES: {
    type: 'integer',
    min: 1,
    group: 'Uploads',
    help: 'Images that an account may hold, begun uploads included. Without it there is no limit.',
  },
  EXPIRES_IN_DEFAULT: {
    type: 'seconds',
    min: 60,
    group: 'Uploads',
    help: 'How long images live whose upload names no expiry. Without it until they are deleted.',
  },
  EXPIRES_IN_MAX: {
    type: 'seconds',
    min: 60,
    group: 'Uploads',
    help: 'How long any image may live. Without it for ever.',
  },
  ANONYMOUS_UPLOADS: {
    type: 'flag',
    default: false,
    group: 'Uploads',
    help: 'Lets people without an account upload. Their pictures expire; whoever uploads one gets the link that deletes it.',
  },
  ANONYMOUS_EXPIRES_IN: {
    type: 'seconds',
    default: 30 * 86_400,
    min: 60,
    group: 'Uploads',
    help: 'How long pictures of people without an account live, at most.',
  },
  ANONYMOUS_QUOTA_BYTES: {
    type: 'bytes',
    default: 100 * MiB,
    min: 1024,
    group: 'Uploads',
    help: 'Bytes that people without an account may hold who come from one address (of IPv6, one /64).',
  },
  ANONYMOUS_QUOTA_IMAGES: {
    type: 'integer',
    default: 100,
    min: 1,
    group: 'Uploads',
    help: 'Images that they may hold.',
  },
  PRESIGN_SECONDS: {
    type: 'seconds',
    default: 3600,
    min: 3600,
    max: 604_800,
    group: 'Uploads',
    help: 'How long an address for a direct upload stays valid, at least.',
  },
  RECEIVE_SECONDS: {
    type: 'seconds',
    default: 600,
    min: 10,
    max: 86_400,
    group: 'Uploads',
    help: 'How long the body of one upload may take to arrive.',
  },
  IMPORT_PORTS: {
    type: 'list',
    default: '80, 443',
    group: 'Uploads',
    help: 'Ports that an upload by address may be fetched from.',
  },
  IMPORT_SECONDS: {
    type: 'seconds',
    default: 30,
    min: 1,
    max: 600,
    group: 'Uploads',
    help: 'How long fetching an address may take.',
  },

  CLAMD_URL: {
    type: 'string',
    group: 'Uploads',
    help: 'A running clamd that looks at every upload: `tcp://127.0.0.1:3310` or `unix:/run/clamav/clamd.ctl`. Its StreamMaxLength has to be at least MAX_UPLOAD_BYTES.',
  },
  CLAMD_SECONDS: {
    type: 'seconds',
    default: 20,
    min: 1,
    max: 300,
    group: 'Uploads',
    help: 'How long clamd may take for one file.',
  },
  CLAMD_AWAY: {
    type: 'choice',
    choices: ['refuse', 'accept'],
    default: 'refuse',
    group: 'Uploads',
    help: 'What happens to uploads while clamd gives no verdict.',
  },

  RATE_LOGIN: {
    type: 'integer',
    default: 60,
    group: 'Limits',
    help: 'Logins tried from one address (of IPv6, one /64) in 10 minutes; 0: without limit, here and below.',
  },
  RATE_LOGIN_NAME: {
    type: 'integer',
    default: 10,
    group: 'Limits',
    help: 'Failed logins with one user name in 10 minutes from all addresses together, but those from which it succeeded in the last 90 days: each has as many of its own. Also the confirmations by password or code that an account may try.',
  },
  RATE_REGISTER: {
    type: 'integer',
    default: 100,
    group: 'Limits',
    help: 'Accounts tried to make from one address in an hour.',
  },
  RATE_UPLOAD: {
    type: 'integer',
    default: 1200,
    group: 'Limits',
    help: 'Uploads that an account may begin in a minute.',
  },
  RATE_COMPLETE: {
    type: 'integer',
    default: 2400,
    group: 'Limits',
    help: 'Direct uploads that an account may complete in a minute, repetitions included, counted by each server for itself.',
  },
  RATE_IMPORT: {
    type: 'integer',
    default: 60,
    group: 'Limits',
    help: 'Uploads by address that an account may begin in a minute.',
  },
  RATE_EXPORT: {
    type: 'integer',
    default: 10,
    group: 'Limits',
    help: 'Archives of all that it holds that an account may ask for in an hour.',
  },
  RATE_REPORT: {
    type: 'integer',
    default: 20,
    group: 'Limits',
    help: 'Reports of images from one address in an hour.',
  },
  RATE_READ: {
    type: 'integer',
    default: 0,
    group: 'Limits',
    help: 'Lists, redirects and images that an account, or an address without a key, may ask for in a minute, counted by each server for itself.',
  },

  FLASK_SECRET: {
    type: 'secret',
    group: 'Moving from Flask',
    help: 'The secret of the Flask project: its API keys stay valid, and metadata is then in Redis at `redis://localhost:6379/0` unless REDIS_URL says otherwise.',
  },
  FLASK_DEBUG: {
    type: 'string',
    group: 'Moving from Flask',
    help: 'Not used any more; LOG_LEVEL replaces it.',
  },

  STOP_AT_STEP: {
    type: 'string',
    group: 'Server',
    help: 'For crash tests: the process stops itself (SIGSTOP) when an upload reaches the step of this name.',
  },
} as const satisfies Record<string, Variable>

export type VariableName = keyof typeof variables
