import { type Static, type TSchema, Type } from 'typebox'
import { Visibility } from './schemas.ts'

interface Preference {
  readonly schema: TSchema
  /** Absent: the server's own setting counts. */
  readonly default?: unknown
  readonly help: string
}

/** What an account may set once for all: one line each. Everything else (storage, API, docs) reads this table. */
export const preferences = {
  default_visibility: {
    schema: Visibility,
    help: 'Visibility of uploads that name none; without it, the server decides',
  },
  language: {
    schema: Type.String({ pattern: '^[a-z]{2,3}(-[A-Z]{2})?$', maxLength: 6 }),
    help: 'Language of the page, such as `de`; without it, that of the browser',
  },
  keep_metadata: {
    schema: Type.Boolean(),
    default: false,
    help: 'Keep camera and exposure facts in uploads; never the location',
  },
} as const satisfies Record<string, Preference>

type Table = typeof preferences
type PreferenceName = keyof Table

/** All preferences of one account; those without a default may be absent. */
export type Preferences = {
  [N in PreferenceName as Table[N] extends { default: unknown } ? N : never]: Static<Table[N]['schema']>
} & { [N in PreferenceName as Table[N] extends { default: unknown } ? never : N]?: Static<Table[N]['schema']> }

/** What somebody has set, the rest being as it comes; null takes one back. */
export type PreferenceChanges = { [N in PreferenceName]?: Static<Table[N]['schema']> | null }

const entries = Object.entries<Preference>(preferences)
const described = (schema: TSchema, description: string): TSchema => Type.Unsafe({ ...schema, description })

export const Preferences = Type.Unsafe<Preferences>(
  Type.Object(
    Object.fromEntries(entries.map(([name, { schema, help }]) => [name, Type.Optional(described(schema, help))])),
  ),
)

export const PreferenceChanges = Type.Unsafe<PreferenceChanges>(
  Type.Object(
    Object.fromEntries(entries.map(([name, { schema }]) => [name, Type.Optional(Type.Union([schema, Type.Null()]))])),
    { additionalProperties: false },
  ),
)

/** What is set, with the defaults for the rest; what this version does not know is left out. */
export function withDefaults(set: Readonly<Record<string, unknown>>): Preferences {
  const known = entries.flatMap(([name, { default: value }]) => {
    const chosen = set[name] ?? value
    return chosen === undefined ? [] : [[name, chosen]]
  })
  return Object.fromEntries(known) as Preferences
}
