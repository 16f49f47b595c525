import type { Variable } from './variable.ts'

export const accountsVariables = {
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
} as const satisfies Record<string, Variable>
