import { type Static, type TSchema, Type } from 'typebox'
import type { Routes } from './route.ts'
import { Visibility } from './schemas.ts'

interface Setting {
  readonly schema: TSchema
  /** The environment variable that counts where nothing is set. */
  readonly variable: string
  readonly help: string
}

/** What an administrator may change while the server runs: one line each. Everything else (storage, API, docs) reads this table. */
export const settings = {
  registration: {
    schema: Type.Union([Type.Literal('open'), Type.Literal('invite'), Type.Literal('closed')]),
    variable: 'REGISTRATION',
    help: 'Who may make an account: anybody, whoever has an invite, or nobody',
  },
  default_visibility: {
    schema: Visibility,
    variable: 'DEFAULT_VISIBILITY',
    help: 'Visibility of uploads that name none, of accounts that prefer none',
  },
  quota_bytes: {
    schema: Type.Integer({ minimum: 0 }),
    variable: 'QUOTA_BYTES',
    help: 'Bytes that an account may hold unless it has a quota of its own, begun uploads included; 0: without limit',
  },
  quota_images: {
    schema: Type.Integer({ minimum: 0 }),
    variable: 'QUOTA_IMAGES',
    help: 'Images that an account may hold, likewise; 0: without limit',
  },
  quota_drafts: {
    schema: Type.Integer({ minimum: 1, maximum: 10_000 }),
    variable: 'MAX_OPEN_DRAFTS',
    help: 'Uploads that an account may have begun and not completed',
  },
  read_only: {
    schema: Type.Boolean(),
    variable: 'READ_ONLY',
    help: 'Whether nothing may be changed but this setting, while the data are moved to another place',
  },
} as const satisfies Record<string, Setting>

type Table = typeof settings
type SettingName = keyof Table

/** All settings, as they are in force. */
export type Settings = { [N in SettingName]: Static<Table[N]['schema']> }

/** What is to be changed; null takes one back to what the environment says. */
export type SettingChanges = { [N in SettingName]?: Static<Table[N]['schema']> | null }

const entries = Object.entries<Setting>(settings)
const described = (schema: TSchema, description: string): TSchema => Type.Unsafe({ ...schema, description })

const Settings = Type.Unsafe<Settings>(
  Type.Object(Object.fromEntries(entries.map(([name, { schema, help }]) => [name, described(schema, help)]))),
)

const SettingChanges = Type.Unsafe<SettingChanges>(
  Type.Object(
    Object.fromEntries(entries.map(([name, { schema }]) => [name, Type.Optional(Type.Union([schema, Type.Null()]))])),
    { additionalProperties: false },
  ),
)

/** What is set, with the defaults for the rest; what this version does not know is left out. */
export const inForce = (set: Readonly<Record<string, unknown>>, defaults: Settings): Settings =>
  Object.fromEntries(Object.entries(defaults).map(([name, value]) => [name, set[name] ?? value])) as Settings

const SettingsAnswer = Type.Object({ settings: Settings, defaults: Settings })

export const settingRoutes = {
  get: {
    method: 'GET',
    path: '/api/v1/admin/settings',
    summary: 'What is in force, and what would be if nothing were set here',
    scope: 'admin',
    responses: { 200: SettingsAnswer },
    errors: [],
  },
  update: {
    method: 'PATCH',
    path: '/api/v1/admin/settings',
    summary: 'Change settings, on every server within a second; null takes one back to its default',
    scope: 'admin',
    audited: 'settings.update',
    worksReadOnly: true,
    body: Type.Object({ settings: SettingChanges }),
    responses: { 200: SettingsAnswer },
    errors: [],
  },
} as const satisfies Routes
