import { type Command, globalOptions, type Options } from './command.ts'

export type Shell = keyof typeof completions

/** A command as completions see it. */
export interface Completed {
  name: string
  summary: string
  options: Options
  /** Words that it takes first, such as `ls`, `create`, `rm`. */
  actions: readonly string[]
  takesFiles: boolean
}

const program = 'imagehost'

export function describe(name: string, { summary, options, usage }: Command): Completed {
  // What is written in small letters is typed as it is; the rest stands for something.
  const ways = usage.split(' | ').map((way) => way.split(' ')[0]!)
  const actions = ways.length > 1 ? ways.filter((word) => /^[a-z]+$/.test(word)) : []
  return { name, summary, options: { ...options, ...globalOptions }, actions, takesFiles: usage.includes('FILE') }
}

/** The scripts that shells read: `eval "$(imagehost completion bash)"`. */
export const completions = { bash, zsh, fish } as const

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: in the scripts, these are the shell's own.
function bash(commands: readonly Completed[]): string[] {
  return [
    `_${program}() {`,
    '  local word="${COMP_WORDS[COMP_CWORD]}" before="${COMP_WORDS[COMP_CWORD-1]}"',
    '  COMPREPLY=()',
    '  if [ "$COMP_CWORD" -eq 1 ]; then',
    `    COMPREPLY=($(compgen -W "${namesOf(commands)}" -- "$word")); return`,
    '  fi',
    '  case "${COMP_WORDS[1]} $before" in',
    ...commands.flatMap(({ name, options }) =>
      withChoices(options).map(
        ([option, choices]) =>
          `    "${name} --${option}") COMPREPLY=($(compgen -W "${choices.join(' ')}" -- "$word")); return ;;`,
      ),
    ),
    '  esac',
    '  case "${COMP_WORDS[1]}" in',
    ...commands.map(
      ({ name, options, actions }) =>
        `    ${name}) COMPREPLY=($(compgen -W "${[...actions, ...flags(options)].join(' ')}" -- "$word")) ;;`,
    ),
    `    help) COMPREPLY=($(compgen -W "${namesOf(commands)} exit-codes environment" -- "$word")) ;;`,
    '  esac',
    '}',
    // What is no option is a file, with the shell's own care for spaces.
    `complete -o default -F _${program} ${program}`,
  ]
}

function zsh(commands: readonly Completed[]): string[] {
  return [
    `#compdef ${program}`,
    `_${program}() {`,
    '  if (( CURRENT == 2 )); then',
    '    local -a commands',
    `    commands=(${commands.map(({ name, summary }) => quoted(`${name}:${summary}`)).join(' ')})`,
    '    _describe command commands; return',
    '  fi',
    '  case "${words[2]} ${words[CURRENT-1]}" in',
    ...commands.flatMap(({ name, options }) =>
      withChoices(options).map(
        ([option, choices]) => `    ${quoted(`${name} --${option}`)}) compadd -- ${choices.join(' ')}; return ;;`,
      ),
    ),
    '  esac',
    '  case "${words[2]}" in',
    ...commands.map(({ name, options, actions, takesFiles }) => {
      const words = [...actions, ...flags(options)].join(' ')
      return `    ${name}) compadd -- ${words}${takesFiles ? '; _files' : ''} ;;`
    }),
    `    help) compadd -- ${namesOf(commands)} exit-codes environment ;;`,
    '  esac',
    '}',
    // Sourced by eval, or found by its first line in a folder of fpath: then the function is called at once.
    `if [ "$funcstack[1]" = "_${program}" ]; then _${program} "$@"; else compdef _${program} ${program}; fi`,
  ]
}

// biome-ignore-end lint/suspicious/noTemplateCurlyInString: in the scripts, these are the shell's own.
function fish(commands: readonly Completed[]): string[] {
  const isFirst = '__fish_use_subcommand'
  return [
    `complete -c ${program} -f`,
    ...commands.map(({ name, summary }) => `complete -c ${program} -n ${isFirst} -a ${name} -d ${quoted(summary)}`),
    `complete -c ${program} -n ${isFirst} -a help -d 'Show help'`,
    ...commands.flatMap(({ name, options, actions, takesFiles }) => {
      const seen = `complete -c ${program} -n '__fish_seen_subcommand_from ${name}'`
      return [
        ...(takesFiles ? [`${seen} -F`] : []),
        ...(actions.length > 0 ? [`${seen} -a ${quoted(actions.join(' '))}`] : []),
        ...Object.entries(options).map(([option, { short, type, choices, help }]) =>
          [
            `${seen} -l ${option}`,
            ...(short ? [`-s ${short}`] : []),
            ...(type === 'flag' ? [] : ['-r']),
            ...(choices ? [`-f -a ${quoted(choices.join(' '))}`] : []),
            `-d ${quoted(help)}`,
          ].join(' '),
        ),
      ]
    }),
  ]
}

const namesOf = (commands: readonly Completed[]): string => [...commands.map(({ name }) => name), 'help'].join(' ')
const flags = (options: Options): string[] => Object.keys(options).map((name) => `--${name}`)

const withChoices = (options: Options): [string, readonly string[]][] =>
  Object.entries(options).flatMap(([name, { choices }]) =>
    choices ? [[name, choices] as [string, readonly string[]]] : [],
  )

/** For zsh and fish: only a quote ends what is quoted. */
const quoted = (text: string): string => `'${text.replaceAll("'", '’')}'`
