import { parseArgs } from 'node:util'
import type { Options } from './command.ts'
import { UsageError } from './faults.ts'
import { suggest } from './suggest.ts'

export interface Arguments {
  words: string[]
  options: Record<string, string | boolean | string[]>
}

/** Words and options of a command line. Throws UsageError, with what was probably meant. */
export function parseArguments(args: readonly string[], options: Options): Arguments {
  const { tokens } = parseArgs({
    args: [...args],
    options: Object.fromEntries(
      Object.entries(options).map(([name, { type, short }]) => [
        name,
        { type: type === 'flag' ? ('boolean' as const) : ('string' as const), ...(short && { short }) },
      ]),
    ),
    allowPositionals: true,
    strict: false,
    tokens: true,
  })
  const words: string[] = []
  const values: Arguments['options'] = {}
  for (const token of tokens) {
    if (token.kind === 'positional') words.push(token.value)
    if (token.kind === 'option') take(token, options, values)
  }
  return { words, options: values }
}

interface OptionToken {
  name: string
  rawName: string
  value?: string | undefined
}

function take({ name, rawName, value }: OptionToken, options: Options, values: Arguments['options']): void {
  const option = Object.hasOwn(options, name) ? options[name] : undefined
  if (option === undefined) {
    const meant = rawName.startsWith('--') ? suggest(name, Object.keys(options)) : undefined
    throw new UsageError(`There is no option ${rawName}.`, meant && `Did you mean --${meant}?`)
  }
  if (option.type === 'flag') {
    if (value !== undefined) throw new UsageError(`${rawName} takes no value.`)
    values[name] = true
    return
  }
  if (value === undefined) throw new UsageError(`${rawName} needs a value: ${rawName} ${option.value ?? 'VALUE'}`)
  if (option.choices && !option.choices.includes(value)) {
    throw new UsageError(`${rawName} is one of ${option.choices.join(', ')}.`, meantBy(value, option.choices))
  }
  if (option.type === 'text') values[name] = value
  else values[name] = [...((values[name] as string[] | undefined) ?? []), value]
}

export function meantBy(typed: string, words: readonly string[]): string | undefined {
  const meant = suggest(typed, words)
  return meant && `Did you mean ${meant}?`
}
