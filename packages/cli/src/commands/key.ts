import { type Scope, scopes } from '@imagehost/contract/scopes'
import { type Context, command, type Input, type Outcome } from '../command.ts'
import { confirm } from '../confirm.ts'
import { parseDuration } from '../duration.ts'
import { UsageError } from '../faults.ts'
import { dateText, table } from '../table.ts'

const options = {
  scope: {
    type: 'texts',
    value: 'SCOPE',
    choices: Object.keys(scopes) as Scope[],
    help: 'What it may do; as often as needed',
  },
  expires: { type: 'text', value: 'TIME', help: 'When it ends: 30m, 12h, 7d, 2w, 1y' },
  yes: { type: 'flag', short: 'y', help: 'Do not ask' },
} as const

type Typed = Input<typeof options>

export const key = command({
  usage: 'ls | create NAME | rm ID',
  summary: 'List, make and revoke API keys',
  examples: [
    ['key create "screenshots" --scope upload', 'may upload, and nothing else; printed once'],
    ['key create ci --scope images:write --expires 90d', 'ends by itself'],
    ['key ls', 'your keys'],
    ['key rm k_8sKd02', 'revoke one'],
  ],
  options,
  words: [1, 2],
  run: (context, { words, options: values }) => {
    const [action, word] = words
    if (action === 'ls' && word === undefined) return list(context)
    if (action === 'create' && word !== undefined) return create(context, word, values)
    if (action === 'rm' && word !== undefined) return revoke(context, word, values)
    throw new UsageError('Usage: imagehost key ls | create NAME | rm ID')
  },
})

async function list({ connect, terminal }: Context): Promise<Outcome> {
  const { client } = await connect()
  const { items } = await client.keys.list()
  const rows = items.map(({ id, kind, name = '', scopes, last_used_at, expires_at, current }) => [
    current ? `${id} *` : id,
    name || kind,
    scopes.join(','),
    last_used_at === undefined ? 'never used' : `used ${dateText(last_used_at)}`,
    expires_at === undefined ? '' : `ends ${dateText(expires_at)}`,
  ])
  return { data: items, lines: table(rows, terminal) }
}

async function create({ connect }: Context, name: string, { scope, expires }: Typed['options']): Promise<Outcome> {
  if (scope === undefined)
    throw new UsageError('What may the key do?', '--scope upload lets it upload and nothing else.')
  const { client } = await connect()
  const made = await client.keys.create({
    body: {
      name,
      scopes: scope as Scope[],
      ...(expires !== undefined && { expires_at: Math.floor(Date.now() / 1000) + parseDuration(expires) }),
    },
  })
  return { data: [made], lines: [made.key] }
}

async function revoke(context: Context, kid: string, { yes }: Typed['options']): Promise<Outcome> {
  const { client } = await context.connect()
  await confirm(context, `Revoke ${kid}? What uses it stops working.`, yes)
  return { data: [await client.keys.delete({ params: { kid } })], lines: [kid] }
}
