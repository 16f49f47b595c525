import { AppError } from '@imagehost/contract/errors'
import { type TSchema, Type } from 'typebox'
import { Compile } from 'typebox/schema'

/** Where a value came from; `query` and `form` carry only text. */
type Part = 'body' | 'params' | 'query' | 'form'

/** Schema → check: returns the value as its types ask, or throws `validation` that names the field. */
export function compileCheck(schema: TSchema, part: Part): (value: unknown) => unknown {
  // With the first value: most processes are asked for a few kinds of things only, and all the checks would take their memory.
  let validator: ReturnType<typeof Compile> | undefined
  return (value) => {
    validator ??= Compile(schema)
    if (value === undefined && Type.IsOptional(schema)) return {}
    const read = part === 'query' || part === 'form' ? convertTexts(schema, value) : value
    if (validator.Check(read)) return read
    throw validationError(validator.Errors(read)[1], schema, part)
  }
}

interface SchemaNode {
  type?: string
  enum?: unknown[]
  const?: unknown
  anyOf?: SchemaNode[]
  properties?: Record<string, SchemaNode>
}

/**
 * Numbers and booleans are read from text strictly: `1.5`, `1e3`, `0x1`, digits of other
 * scripts and repeated names stay what they are, and are then refused by the schema.
 */
function convertTexts(schema: TSchema, value: unknown): unknown {
  const properties = (schema as SchemaNode).properties ?? {}
  // Without a prototype, so that a `__proto__` is a name like any other, and refused where names are.
  const converted: Record<string, unknown> = Object.create(null)
  for (const [name, text] of Object.entries(value as Record<string, unknown>)) {
    converted[name] = convert(properties[name]?.type, text)
  }
  return converted
}

function convert(type: string | undefined, text: unknown): unknown {
  if (typeof text !== 'string') return text
  if (type === 'integer' && /^-?[0-9]{1,15}$/.test(text)) return Number(text)
  if (type === 'boolean' && /^(1|true|0|false)$/.test(text)) return text === '1' || text === 'true'
  return text
}

interface Fault {
  keyword: string
  instancePath: string
  message: string
  params: object
}

function validationError(faults: Fault[], schema: TSchema, part: Part): AppError {
  const fault = faults[0]!
  // Of a union, the one sentence about the whole says more than one for each of its parts.
  const union = faults.find(({ instancePath, keyword }) => keyword === 'anyOf' && instancePath === fault.instancePath)
  const missing =
    fault.keyword === 'required' ? (fault.params as { requiredProperties: string[] }).requiredProperties : []
  const path = fault.instancePath.split('/').slice(1)
  const field = [part, ...path, ...missing.slice(0, 1)].join('.')
  const rule = union ? `must be one of ${choices(schema, path)}` : missing.length > 0 ? 'is missing' : fault.message
  return new AppError('validation', { message: `${field} ${rule}.`, details: { field, rule } })
}

function choices(schema: TSchema, path: string[]): string {
  let node: SchemaNode | undefined = schema as SchemaNode
  for (const name of path) node = node?.properties?.[name]
  return (node?.anyOf ?? []).map((choice) => String(choice.const)).join(', ')
}
