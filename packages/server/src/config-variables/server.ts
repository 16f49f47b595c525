import type { Variable } from './variable.ts'

const MiB = 1024 * 1024

export const serverVariables = {
  HOST: { type: 'string', default: '127.0.0.1', group: 'Server', help: 'Address to listen on; `0.0.0.0` for all.' },
  PORT: { type: 'integer', default: 8000, min: 0, max: 65535, group: 'Server', help: 'Port to listen on.' },
  PUBLIC_URL: {
    type: 'url',
    group: 'Server',
    help: 'Where people reach this server, such as `https://img.example.org`; links begin with it. Without it, with the Host of each request. If it is https, browsers are told for a year to use nothing else here and on its subdomains.',
  },
  READ_ONLY: {
    type: 'flag',
    default: false,
    group: 'Server',
    help: 'Nothing may be changed, while the data are moved to another place; administrators can set it while the server runs.',
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
  STOP_AT_STEP: {
    type: 'string',
    group: 'Server',
    help: 'For crash tests: the process stops itself (SIGSTOP) when an upload reaches the step of this name.',
  },
} as const satisfies Record<string, Variable>
