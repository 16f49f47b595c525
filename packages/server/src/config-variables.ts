import { accountsVariables } from './config-variables/accounts.ts'
import { administrationVariables } from './config-variables/administration.ts'
import { deliveryVariables } from './config-variables/delivery.ts'
import { flaskVariables } from './config-variables/flask.ts'
import { limitsVariables } from './config-variables/limits.ts'
import { metadataVariables } from './config-variables/metadata.ts'
import { serverVariables } from './config-variables/server.ts'
import { storageVariables } from './config-variables/storage.ts'
import { uploadsVariables } from './config-variables/uploads.ts'
import type { Variable } from './config-variables/variable.ts'

/** Every environment variable that the server reads, by group. `docs/configuration.md` is printed from this table. */
export const variables = {
  ...serverVariables,
  ...metadataVariables,
  ...storageVariables,
  ...deliveryVariables,
  ...accountsVariables,
  ...administrationVariables,
  ...uploadsVariables,
  ...limitsVariables,
  ...flaskVariables,
} as const satisfies Record<string, Variable>

export type VariableName = keyof typeof variables
