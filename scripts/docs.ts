import { api, clientErrors, errors, type Route } from '@imagehost/contract'
import { limits } from '@imagehost/contract/limits'
import { errorsOf, universalErrors } from '@imagehost/contract/openapi'
import type { Variable } from '../packages/server/src/config-variables/variable.ts'
import { variables } from '../packages/server/src/config-variables.ts'

/** The generated documents: path → text. A test fails when a file in docs/ says anything else. */
export const documents: Readonly<Record<string, () => string>> = {
  'docs/api.md': apiDocument,
  'docs/errors.md': errorsDocument,
  'docs/configuration.md': configurationDocument,
}

const notice = '<!-- Printed from the code by `npm run docs`; edit the tables there. -->'

function apiDocument(): string {
  const nouns = Object.entries(api).map(([noun, routes]) => [
    `## ${noun}`,
    ...Object.values<Route>(routes).map(routeText),
  ])
  return document([
    '# API',
    notice,
    'Send your key in the `X-API-Key` header or as `Authorization: Bearer KEY`. JSON in and out, `snake_case`. Errors are ' +
      '`{"error":{"code","message","request_id","details"?}}`; [errors.md](errors.md) lists the codes; any call can answer ' +
      `${universalErrors.map(errorLink).join(' or ')}. A running server ` +
      'has the same as `/docs` and, with all schemas, as `/openapi.json`.',
    'Where `Idempotency-Key` is honoured, a request that is repeated with the key of the first one gets the answer of the ' +
      'first one, for 24 hours, and nothing is done twice. A key belongs to account and call; with another JSON body or ' +
      'query it is refused. Bytes and forms are not compared: for them the key alone counts. Refusals are not kept.',
    ...nouns.flat(),
  ])
}

function routeText(route: Route): string {
  const lines = [
    `### \`${route.method} ${route.path}\``,
    '',
    `${route.summary}.${route.alias ? ` Also \`${route.alias}\`.` : ''}`,
    '',
    `- Key: ${scopeText(route.scope)}`,
    ...(route.repeatable ? ['- `Idempotency-Key`: honoured'] : []),
    ...(route.limit ? [`- Limited: ${limits[route.limit].per}`] : []),
    ...(route.audited ? [`- Audit log: \`${route.audited}\``] : []),
    ...fields('Path', route.params),
    ...fields('Query', route.query),
    ...fields('Body', route.body),
    ...(route.raw?.accepts ? [`- Body: ${route.raw.accepts}`] : []),
    ...answers(route),
    `- Errors: ${errorsOf(route)
      .map((code) => `[\`${code}\`](errors.md#${code})`)
      .join(' ')}`,
  ]
  return lines.join('\n')
}

const errorLink = (code: string): string => `[\`${code}\`](errors.md#${code})`

const scopeText = (scope: Route['scope']): string =>
  scope === 'none' ? 'none' : scope === 'optional' ? 'needed for what is private' : `scope \`${scope}\``

interface Schema {
  type?: string
  const?: unknown
  anyOf?: Schema[]
  description?: string
  default?: unknown
  properties?: Record<string, Schema>
  required?: string[]
}

function fields(title: string, schema: Schema | undefined): string[] {
  const texts = propertiesOf(schema, '  ')
  return texts.length === 0 ? [] : [`- ${title}:`, ...texts]
}

/** A line for each property, those of objects indented below. */
function propertiesOf({ properties = {}, required = [] }: Schema = {}, indent: string): string[] {
  return Object.entries(properties).flatMap(([name, property]) => {
    const { description, default: value } = property
    const facts = [
      kindOf(property),
      required.includes(name) ? undefined : 'optional',
      value === undefined ? undefined : `default ${value}`,
    ]
    const line = `${indent}- \`${name}\` (${facts.filter(Boolean).join(', ')})${description ? `: ${description}` : ''}`
    return [line, ...propertiesOf(property, `${indent}  `)]
  })
}

function kindOf({ type, const: value, anyOf }: Schema): string | undefined {
  if (anyOf) return anyOf.map(kindOf).join(' or ')
  return value === undefined ? type : `\`${value}\``
}

function answers(route: Route): string[] {
  if (route.raw) return Object.entries(route.raw.answers).map(([status, words]) => `- ${status}: ${words}`)
  return [
    ...Object.entries(route.responses).flatMap(([status, schema]) => fields(`${status}`, schema)),
    ...(route.lines ? [`- With \`Accept: application/x-ndjson\`: ${route.lines}`] : []),
  ]
}

function errorsDocument(): string {
  const rows = Object.entries(errors).map(
    ([code, { status, message, cure }]) => `| <a id="${code}"></a>\`${code}\` | ${status} | ${message} | ${cure} |`,
  )
  return document([
    '# Errors',
    notice,
    'Every error that the API answers. `429` and `503` carry `Retry-After`.',
    ['| code | status | what | cure |', '|---|---|---|---|', ...rows].join('\n'),
    'The SDK and the command line say `timeout` too where no answer came in time, and besides:',
    [
      '| code | what | cure |',
      '|---|---|---|',
      ...Object.entries(clientErrors).map(
        ([code, { message, cure }]) => `| <a id="${code}"></a>\`${code}\` | ${message} | ${cure} |`,
      ),
    ].join('\n'),
  ])
}

function configurationDocument(): string {
  const groups = Map.groupBy(Object.entries<Variable>(variables), ([, { group }]) => group)
  const sections = [...groups].map(([group, entries]) =>
    [`## ${group}`, '', '| variable | default | meaning |', '|---|---|---|', ...entries.map(variableRow)].join('\n'),
  )
  return document([
    '# Configuration',
    notice,
    'By environment variables, or in `.env` in the folder where the server starts (the environment wins). All mistakes are ' +
      'told at once when it starts. Sizes may be written as `50M` or `2G`, lists with commas.',
    ...sections,
  ])
}

function variableRow([name, { type, default: value, choices, help, min, max }]: [string, Variable]): string {
  const range = type === 'integer' || type === 'seconds' ? rangeText(min, max) : undefined
  const notes = [choices?.map((choice) => `\`${choice}\``).join(', '), range].filter(Boolean)
  return `| \`${name}\` | ${defaultText(type, value)} | ${help}${notes.length > 0 ? ` (${notes.join('; ')})` : ''} |`
}

const rangeText = (min = 0, max?: number): string => (max === undefined ? `at least ${min}` : `${min} to ${max}`)

function defaultText(type: Variable['type'], value: Variable['default']): string {
  if (value === undefined) return ''
  if (type === 'flag') return value ? '`1`' : '`0`'
  return type === 'bytes' ? `\`${Number(value) / 1024 ** 2}M\`` : `\`${value}\``
}

const document = (parts: string[]): string => `${parts.join('\n\n')}\n`
