import { type Command, type Commands, globalOptions, type Option, type Options } from './command.ts'
import { exitCodes } from './exit-codes.ts'

/** `imagehost help`. */
export function overview(commands: Commands): string[] {
  return [
    'Examples:',
    '  imagehost login https://img.example.org   say where, and who you are',
    '  imagehost upload cat.jpg                  get a link',
    '  imagehost upload --clipboard --copy       from the clipboard, and the link back into it',
    '  imagehost ls --tag cat                    find it again',
    '',
    'Commands:',
    ...columns(Object.entries(commands).map(([name, { summary }]) => [name, summary])),
    '',
    'Topics:',
    ...columns([
      ['exit-codes', 'How commands end, for scripts'],
      ['environment', 'Variables that are read'],
    ]),
    '',
    'imagehost help COMMAND, or COMMAND --help, says more.',
  ]
}

export function commandHelp(name: string, { usage, summary, examples, options, notes }: Command): string[] {
  const width = Math.max(...examples.map(([line]) => line.length))
  return [
    'Examples:',
    ...examples.map(([line, meaning]) => `  imagehost ${line.padEnd(width)}   ${meaning}`),
    '',
    `Usage: imagehost ${name}${usage && ` ${usage}`}`,
    '',
    `${summary}.`,
    ...(notes === undefined ? [] : ['', ...notes.split('\n')]),
    ...section('Options:', options),
    ...section('Everywhere:', globalOptions),
  ]
}

const section = (title: string, options: Options): string[] =>
  Object.keys(options).length === 0 ? [] : ['', title, ...columns(Object.entries(options).map(optionRow))]

function optionRow([name, { short, value, choices, help, type }]: [string, Option]): [string, string] {
  const flag = `${short ? `-${short}, ` : '    '}--${name}${type === 'flag' ? '' : ` ${value ?? 'VALUE'}`}`
  return [flag, choices ? `${help}: ${choices.join(', ')}` : help]
}

function columns(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([first]) => first.length))
  return rows.map(([first, second]) => `  ${first.padEnd(width)}  ${second}`)
}

/** What `imagehost help TOPIC` says of things that are no command. */
export const topics: Readonly<Record<string, readonly string[]>> = {
  'exit-codes': Object.values(exitCodes).map(({ code, meaning }) => `${String(code).padStart(5)}  ${meaning}`),
  environment: columns([
    ['IMAGEHOST_URL', 'The server; wins over what was set by `login`'],
    ['IMAGEHOST_API_KEY', 'The key; wins over the stored one, and is never stored'],
    ['IMAGEHOST_CONFIG_DIR', 'Where settings and keys lie; otherwise imagehost in XDG_CONFIG_HOME or ~/.config'],
    ['BASE_URL', 'The server, as the command of the Flask project knows it; its ~/.imagehost_key is read with it'],
    ['NO_COLOR, FORCE_COLOR', 'Colours: never, always'],
    ['BROWSER', 'What `open` starts'],
  ]),
}
