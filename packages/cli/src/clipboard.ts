import { Failure } from './faults.ts'
import { isInstalled, runProgram } from './programs.ts'

export interface Clipboard {
  /** The picture in it. */
  read(): Promise<Buffer<ArrayBuffer>>
  write(text: string): Promise<void>
}

interface Way {
  program: string
  /** Set where the program has something to talk to. */
  needs?: 'WAYLAND_DISPLAY' | 'DISPLAY'
  /** Arguments to write a picture to stdout, or to take text from stdin. */
  args: readonly string[]
}

/** Pasted pictures are nearly always PNG: screenshots, and what browsers copy. */
const reading: readonly Way[] = [
  { program: 'wl-paste', needs: 'WAYLAND_DISPLAY', args: ['--no-newline', '--type', 'image/png'] },
  { program: 'xclip', needs: 'DISPLAY', args: ['-selection', 'clipboard', '-target', 'image/png', '-out'] },
  { program: 'pngpaste', args: ['-'] },
]

const writing: readonly Way[] = [
  { program: 'wl-copy', needs: 'WAYLAND_DISPLAY', args: [] },
  { program: 'xclip', needs: 'DISPLAY', args: ['-selection', 'clipboard', '-in'] },
  { program: 'xsel', needs: 'DISPLAY', args: ['--clipboard', '--input'] },
  { program: 'pbcopy', args: [] },
  { program: 'clip.exe', args: [] },
]

/** The clipboard by whichever program of the system reaches it. */
export function createClipboard({ env, signal }: { env: NodeJS.ProcessEnv; signal: AbortSignal }): Clipboard {
  async function find(ways: readonly Way[], what: string): Promise<Way> {
    for (const way of ways) {
      if ((way.needs === undefined || env[way.needs]) && (await isInstalled(way.program, env))) return way
    }
    const names = ways.map(({ program }) => program).join(', ')
    throw new Failure(`No program here ${what} the clipboard.`, `Install one of ${names}.`)
  }

  return {
    async read() {
      const { program, args } = await find(reading, 'reads')
      const { code, output } = await runProgram(program, args, { env, signal })
      if (code === 0 && output.length > 0) return output
      throw new Failure('There is no picture in the clipboard.', 'Copy one, then repeat this.')
    },
    async write(text) {
      const { program, args } = await find(writing, 'writes')
      const { code } = await runProgram(program, args, { env, signal, input: text })
      if (code !== 0) throw new Failure(`${program} did not take the link into the clipboard.`)
    },
  }
}
