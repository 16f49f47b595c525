import { type TSchema, Type } from 'typebox'
import { ImageParams } from './images.ts'
import { type PresetName, presetNames, presets } from './presets.ts'
import type { Routes } from './route.ts'
import { UnixSeconds } from './schemas.ts'
import { type VerbName, verbs } from './transform-verbs.ts'

/** An id with any extension: the type is ours, not the address's. */
const FileParams = Type.Object({
  file: Type.String({ pattern: '^[A-Za-z0-9_-]{1,64}(\\.[A-Za-z0-9]{1,10})?$', description: 'id, or id.ext' }),
})

const Preset = Type.Union(
  presetNames.map((name) => Type.Literal(name)),
  {
    description: `In place of all other verbs but \`format\`, and for everybody who may see the image: ${presetNames
      .map((name) => `${name} (${presets[name].help}; ${presets[name].formats.join(', ')})`)
      .join(' · ')}`,
  },
)

type Verbs = { readonly [N in VerbName]?: string | number | boolean }

/** What is asked in an address: `download`, and what makes a variant of the image. */
export type DeliveryQuery = Verbs & {
  readonly download?: string
  readonly preset?: PresetName
  readonly exp?: number
  readonly sig?: string
  readonly share?: string
}

/** Every verb as `change` makes it, and optional. */
const optionalVerbs = (change: (schema: TSchema) => TSchema): Record<string, TSchema> =>
  Object.fromEntries(Object.entries(verbs).map(([name, { schema }]) => [name, Type.Optional(change(schema))]))

/** As texts, where an address can't say a number: what the text may be is the verb's to say. */
function asText(schema: TSchema & { type?: string; anyOf?: { const: unknown }[]; description?: string }): TSchema {
  const { type, anyOf, description = '' } = schema
  if (type === 'number') return Type.String({ maxLength: 10, description })
  if (!anyOf) return schema
  return Type.Union(
    anyOf.map((choice) => Type.Literal(String(choice.const))),
    { description },
  )
}

const Query = Type.Unsafe<DeliveryQuery>(
  Type.Object({
    download: Type.Optional(Type.String({ maxLength: 10, description: 'Present: as an attachment' })),
    preset: Type.Optional(Preset),
    ...optionalVerbs(asText),
    exp: Type.Optional(Type.Integer({ minimum: 1, description: 'With `sig`: until when it counts, Unix seconds' })),
    sig: Type.Optional(
      Type.String({ maxLength: 100, description: 'From `POST /api/v1/image/{id}/sign`, or `POST /s/{slug}`' }),
    ),
    share: Type.Optional(
      Type.String({ pattern: '^[A-Za-z0-9_-]{1,64}$', description: 'With `exp` and `sig`: the slug of a share' }),
    ),
  }),
)

/** What may be signed: a preset, verbs, or nothing for the image itself. */
export type SignBody = Verbs & { readonly preset?: PresetName; readonly expires_in?: number }

const daySeconds = 86_400

/** For how long a signature counts unless something else is asked. */
export const defaultSignSeconds = daySeconds

const SignBody = Type.Unsafe<SignBody>(
  Type.Object({
    preset: Type.Optional(Preset),
    ...optionalVerbs((schema) => schema),
    expires_in: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 366 * daySeconds, default: defaultSignSeconds, description: 'Seconds' }),
    ),
  }),
)

export const deliveryRoutes = {
  bytes: {
    method: 'GET',
    path: '/i/:file',
    summary:
      'The image itself; with a preset or verbs a variant of it, which asks for a key of its owner or a signature unless it is a preset. Any other name beside them is refused',
    scope: 'optional',
    limit: 'read',
    params: FileParams,
    query: Query,
    raw: {
      answers: {
        200: 'The bytes',
        206: 'The range that was asked for',
        302: 'Where the bytes are, if the server is set up to send there',
        304: 'Nothing: yours is still the same',
        308: 'The same on the host for user content, if the server has one',
      },
    },
    errors: [
      'not_found',
      'forbidden',
      'range_not_satisfiable',
      'signature_needed',
      'signature_invalid',
      'signature_expired',
      'image_corrupt',
      'image_too_complex',
      'rate_limited',
      'overloaded',
      's3_error',
    ],
  },
  sign: {
    method: 'POST',
    path: '/api/v1/image/:id/sign',
    summary:
      'An address of a variant, or of the image itself, for whoever holds it until it ends: of a private image too. It ends with the image, opens nothing while an administrator hides that, and ends in no other way',
    scope: 'images:read',
    params: ImageParams,
    body: SignBody,
    responses: { 200: Type.Object({ url: Type.String(), expires_at: UnixSeconds }) },
    errors: ['forbidden', 'not_found', 's3_error', 'invalid_record'],
  },
} as const satisfies Routes
