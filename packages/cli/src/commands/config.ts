import { meantBy } from '../arguments.ts'
import { command } from '../command.ts'
import { originOf } from '../connection.ts'
import { UsageError } from '../faults.ts'
import { isLinkFormat, linkFormatNames } from '../link-formats.ts'

/** What may be set: the value as it is kept, or why it is none. */
const keys: Readonly<Record<string, { help: string; check: (value: string) => string }>> = {
  host: { help: 'The usual server', check: originOf },
  format: {
    help: `What upload prints: ${linkFormatNames.join(', ')}`,
    check(value) {
      if (isLinkFormat(value)) return value
      throw new UsageError(`format is one of ${linkFormatNames.join(', ')}.`)
    },
  },
  concurrency: {
    help: 'Uploads at a time: 1 to 32',
    check(value) {
      if (/^([1-9]|[12]\d|3[0-2])$/.test(value)) return value
      throw new UsageError('concurrency is a number from 1 to 32.')
    },
  },
}

export const config = command({
  usage: 'ls | get NAME | set NAME VALUE | unset NAME | path',
  summary: 'Show and change settings',
  examples: [
    ['config set host https://other.example.org', 'another usual server'],
    ['config set format markdown', 'what upload prints'],
    ['config ls', 'what is set'],
    ['config path', 'where it is kept'],
  ],
  notes: Object.entries(keys)
    .map(([name, { help }]) => `${name.padEnd(12)} ${help}`)
    .join('\n'),
  options: {},
  words: [1, 3],
  async run({ settings }, { words }) {
    const [action = '', name, value] = words
    const shape = `${action} ${words.length - 1}`
    if (shape === 'path 0') return { data: [{ path: settings.directory }], lines: [settings.directory] }
    const set = await settings.config()
    if (shape === 'ls 0') return { data: [set], lines: Object.entries(set).map(([key, held]) => `${key}=${held}`) }
    if (name !== undefined && !Object.hasOwn(keys, name)) {
      throw new UsageError(
        `There is no setting ${name}.`,
        meantBy(name, Object.keys(keys)) ?? Object.keys(keys).join(', '),
      )
    }
    if (shape === 'get 1')
      return { data: [{ [name!]: set[name!] }], lines: set[name!] === undefined ? [] : [set[name!]!] }
    if (shape !== 'set 2' && shape !== 'unset 1') {
      throw new UsageError('Usage: imagehost config ls | get NAME | set NAME VALUE | unset NAME | path')
    }
    const kept = value === undefined ? undefined : keys[name!]!.check(value)
    await settings.setConfig(name!, kept)
    return { data: [{ [name!]: kept }], lines: [] }
  },
})
