import { meantBy, parseArguments } from './arguments.ts'
import {
  type Command,
  type Commands,
  type Context,
  globalOptions,
  type Input,
  type Options,
  type Outcome,
} from './command.ts'
import { commands } from './commands.ts'
import { type ConnectionDependencies, connect } from './connection.ts'
import { exitCodes } from './exit-codes.ts'
import { explain } from './explain.ts'
import { UsageError } from './faults.ts'
import { commandHelp, overview, topics } from './help.ts'
import { createSettings } from './settings.ts'
import type { Terminal } from './terminal.ts'
import { version } from './version.ts'

interface Surroundings {
  terminal: Terminal
  env: NodeJS.ProcessEnv
  platform: NodeJS.Platform
  fetch: typeof globalThis.fetch
}

/** One command line, from its words to its exit code. */
export async function run(args: readonly string[], surroundings: Surroundings): Promise<number> {
  const { terminal } = surroundings
  const isVerbose = args.some((word) => word === '-v' || word === '--verbose')
  try {
    return await untilInterrupted(perform(args, surroundings), terminal.signal)
  } catch (error) {
    terminal.status()
    // What was broken off says so in its own way.
    const { ending, lines } = explain(terminal.signal.aborted ? terminal.signal.reason : error, isVerbose)
    for (const [index, line] of lines.entries()) {
      terminal.say(index === 0 ? `${terminal.paint('red', 'imagehost:')} ${line}` : `  ${line}`)
    }
    return exitCodes[ending].code
  }
}

/** What a command may still take after Ctrl-C to clear away what it has begun. */
const clearingMs = 1_200

/** Ctrl-C is answered soon, whatever a command still waits for. */
function untilInterrupted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const interrupt = () => setTimeout(() => reject(signal.reason), clearingMs)
    signal.addEventListener('abort', interrupt, { once: true })
    work.then(resolve, reject)
  })
}

async function perform(args: readonly string[], surroundings: Surroundings): Promise<number> {
  const { terminal } = surroundings
  const [name = 'help', ...rest] = args
  const print = (lines: readonly string[]): number => {
    for (const line of lines) terminal.print(line)
    return exitCodes.ok.code
  }
  if (name === '--version') return print([`imagehost ${version}`])
  if (name === 'help' || name === '--help' || name === '-h') return print(await help(rest))
  const command = await find(name, commands)
  const { words, options } = parseArguments(rest, { ...command.options, ...globalOptions })
  if (options.help) return print(commandHelp(name, command))
  const [least, most] = command.words
  if (words.length < least || words.length > most) throw new UsageError(`Usage: imagehost ${name} ${command.usage}`)
  const outcome = await command.run(contextOf(options, surroundings), {
    words,
    options: options as Input<Options>['options'],
  })
  if (outcome === undefined) return exitCodes.ok.code
  if (typeof outcome === 'number') return outcome
  print(options.json ? outcome.data.map((item) => JSON.stringify(item)) : outcome.lines)
  return endOf(outcome)
}

const endOf = ({ failed }: Outcome): number => (failed ? exitCodes.failure.code : exitCodes.ok.code)

async function help([name]: readonly string[]): Promise<readonly string[]> {
  if (name === undefined) return overview(commands)
  const topic = Object.hasOwn(topics, name) ? topics[name] : undefined
  return topic ?? commandHelp(name, await find(name, commands))
}

async function find(name: string, commands: Commands): Promise<Command> {
  const entry = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (entry) return entry.load()
  const isOption = name.startsWith('-')
  const hint = isOption
    ? 'Options come after the command: imagehost upload --help'
    : meantBy(name, Object.keys(commands))
  throw new UsageError(`There is no command ${name}.`, hint ?? '`imagehost help` lists them.')
}

function contextOf(options: Record<string, unknown>, { terminal, env, platform, fetch }: Surroundings): Context {
  const settings = createSettings({ env, platform })
  const deps: ConnectionDependencies = {
    env,
    settings,
    fetch,
    chosen: options.host as string | undefined,
    tell: options.verbose ? (line) => terminal.say(terminal.paint('dim', line)) : undefined,
  }
  const isSilent = options['no-input'] === true || !terminal.canAsk
  return {
    terminal: options.quiet ? { ...terminal, status: () => {} } : terminal,
    settings,
    env,
    platform,
    connect: async (needs) => {
      // Uploaders that watch stderr take any word for a failure, so only people are told.
      if (terminal.isWatched && (await settings.isExposed())) {
        terminal.say(`Others can read ${settings.credentialsFile}; chmod 600 it.`)
      }
      return connect(deps, needs)
    },
    commands,
    isSilent,
    signal: terminal.signal,
  }
}
