import type { Variable } from './variable.ts'

export const limitsVariables = {
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
  RATE_BULK: {
    type: 'integer',
    default: 120,
    group: 'Limits',
    help: 'Calls that do something with many images which an account may make in a minute.',
  },
  RATE_DROP: {
    type: 'integer',
    default: 120,
    group: 'Limits',
    help: 'Uploads by drop links, and looks through them, from one address in a minute.',
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
  RATE_TRANSFORM: {
    type: 'integer',
    default: 600,
    group: 'Limits',
    help: 'Variants that are made anew for an account, or an address without a key, in a minute.',
  },
  RATE_READ: {
    type: 'integer',
    default: 0,
    group: 'Limits',
    help: 'Lists, redirects and images that an account, or an address without a key, may ask for in a minute, counted by each server for itself.',
  },
  MAX_ALBUMS: {
    type: 'integer',
    default: 1000,
    min: 1,
    max: 100_000,
    group: 'Limits',
    help: 'Albums that an account may have.',
  },
  MAX_ALBUM_IMAGES: {
    type: 'integer',
    default: 10_000,
    min: 1,
    max: 100_000,
    group: 'Limits',
    help: 'Images that an album may hold.',
  },
} as const satisfies Record<string, Variable>
