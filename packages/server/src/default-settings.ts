import { type Settings, settings } from '@imagehost/contract/settings'
import type { Config } from './config.ts'
import type { VariableName } from './config-variables.ts'

const table: Readonly<Record<string, { variable: VariableName }>> = settings

/** What the environment says of the settings that an administrator may change; a limit that it does not name is 0, for none. */
export const defaultSettings = (config: Config): Settings =>
  Object.fromEntries(Object.entries(table).map(([name, { variable }]) => [name, config[variable] ?? 0])) as Settings
