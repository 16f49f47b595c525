import type { Connection, ConnectionNeeds } from './connection.ts'
import type { Settings } from './settings.ts'
import type { Terminal } from './terminal.ts'

export interface Option {
  readonly type: 'flag' | 'text' | 'texts'
  readonly short?: string
  /** What stands for its value in the help: `FILE`. */
  readonly value?: string
  readonly choices?: readonly string[]
  readonly help: string
}

export type Options = Readonly<Record<string, Option>>

type ValueOf<O extends Option> = O['type'] extends 'flag'
  ? boolean
  : O['type'] extends 'texts'
    ? string[]
    : O extends { choices: readonly (infer Choice)[] }
      ? Choice
      : string

/** What was given; the rest is absent. */
export type Values<O extends Options> = { [Name in keyof O]?: ValueOf<O[Name]> }

export interface Context {
  terminal: Terminal
  settings: Settings
  env: NodeJS.ProcessEnv
  platform: NodeJS.Platform
  /** The server that is meant, and the SDK for it. */
  connect(needs?: ConnectionNeeds): Promise<Connection>
  /** All commands, for help and completions. */
  commands: Commands
  /** Whether nobody may be asked. */
  isSilent: boolean
  /** Ends when Ctrl-C was pressed. */
  signal: AbortSignal
}

/** What a command has to say: `--json` prints the data, one object a line, otherwise the lines are printed. */
export interface Outcome {
  data: readonly object[]
  lines: readonly string[]
  /** Something of it failed, and was told already. */
  failed?: boolean
}

/** What was typed. */
export interface Input<O extends Options> {
  words: string[]
  options: Values<O> & Values<typeof globalOptions>
}

export interface Command<O extends Options = Options> {
  /** What comes after its name. */
  readonly usage: string
  readonly summary: string
  /** Command lines without the program's name, and what they do. */
  readonly examples: readonly (readonly [line: string, meaning: string])[]
  readonly options: O
  /** What else is worth knowing. */
  readonly notes?: string
  /** How many words it takes besides options. */
  readonly words: readonly [least: number, most: number]
  /** Undefined if it has printed what there was itself; a number is its exit code. */
  run(context: Context, input: Input<O>): Promise<Outcome | number | undefined>
}

/** A command with its options' types, as the table of commands takes it. */
export const command = <const O extends Options>(made: Command<O>): Command => made as unknown as Command

interface CommandEntry {
  readonly summary: string
  /** Loaded when it is needed, so that the program starts at once. */
  load(): Promise<Command>
}

export type Commands = Readonly<Record<string, CommandEntry>>

/** What every command takes. */
export const globalOptions = {
  host: { type: 'text', value: 'URL', help: 'The server, where it is another than the usual one' },
  json: { type: 'flag', help: 'Print JSON: one object a line' },
  quiet: { type: 'flag', short: 'q', help: 'No progress' },
  verbose: { type: 'flag', short: 'v', help: 'Show each HTTP exchange, with keys masked' },
  'no-input': { type: 'flag', help: 'Never ask' },
  help: { type: 'flag', short: 'h', help: 'Show help' },
} as const satisfies Options
