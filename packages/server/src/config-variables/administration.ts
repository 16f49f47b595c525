import type { Variable } from './variable.ts'

export const administrationVariables = {
  AUDIT_DAYS: {
    type: 'integer',
    default: 365,
    max: 36_500,
    group: 'Administration',
    help: 'How long the audit log, also of what deleted accounts did, and reports that are done with are kept; 0: for ever.',
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
} as const satisfies Record<string, Variable>
