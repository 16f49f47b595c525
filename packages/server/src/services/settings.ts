import { AppError } from '@imagehost/contract/errors'
import { inForce, type SettingChanges, type Settings as Values } from '@imagehost/contract/settings'
import type { Clock } from '../ports/clock.ts'
import type { Settings as SettingsPort } from '../ports/settings.ts'
import { createRecent } from './recent.ts'

/** Moving the metadata of a hundred thousand images takes about as long. */
const readOnlyRetrySeconds = 30

export type Settings = ReturnType<typeof createSettings>

/** What an administrator may change while the server runs. Believed for less than a second, so that all servers follow. */
export function createSettings(deps: { settings: SettingsPort; clock: Clock; defaults: Values }) {
  const { settings, clock, defaults } = deps
  const recent = createRecent<Values>({ clock, maxEntries: 1 })

  /** What is in force. */
  const get = async (): Promise<Values> => (await recent.get('all', load)) ?? defaults

  const load = async (): Promise<Values> => inForce(await settings.read(), defaults)

  /** Returns what is in force afterwards. */
  async function change(changes: SettingChanges): Promise<Values> {
    await settings.change(changes)
    recent.forget('all')
    return get()
  }

  /** Without waiting where it is known. Throws `read_only`: what is read now is what the place will have to which the data go. */
  function requireWritable(): Promise<void> | void {
    const known = recent.peek('all')
    return known ? refuseIfReadOnly(known) : get().then(refuseIfReadOnly)
  }

  return { get, change, requireWritable, defaults }
}

function refuseIfReadOnly(values: Values): void {
  if (values.read_only) throw new AppError('read_only', { retryAfterSeconds: readOnlyRetrySeconds })
}
