import { meantBy } from '../arguments.ts'
import { command } from '../command.ts'
import { completions, describe, type Shell } from '../completions.ts'
import { UsageError } from '../faults.ts'

const shells = Object.keys(completions)

export const completion = command({
  usage: 'bash | zsh | fish',
  summary: 'Print completions for a shell',
  examples: [
    ['completion bash >> ~/.bashrc', 'or, in it: eval "$(imagehost completion bash)"'],
    ['completion zsh > ~/.zfunc/_imagehost', 'in a folder of fpath'],
    ['completion fish > ~/.config/fish/completions/imagehost.fish', 'found by itself'],
  ],
  options: {},
  words: [1, 1],
  async run({ commands }, { words: [shell = ''] }) {
    if (!isShell(shell)) throw new UsageError(`There are completions for ${shells.join(', ')}.`, meantBy(shell, shells))
    const described = await Promise.all(
      Object.entries(commands).map(async ([name, { load }]) => describe(name, await load())),
    )
    const lines = completions[shell](described)
    return { data: [{ script: lines.join('\n') }], lines }
  },
})

const isShell = (word: string): word is Shell => Object.hasOwn(completions, word)
