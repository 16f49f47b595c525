import { once } from 'node:events'
import { createClipboard } from '../clipboard.ts'
import { command } from '../command.ts'
import { explain } from '../explain.ts'
import { Failure } from '../faults.ts'
import { inOrder } from '../in-order.ts'
import { type PicgoFile, parsePort, startPicgo } from '../picgo.ts'
import { fileItem } from '../picture-files.ts'

/** The one that PicGo's clients ask unless they are told otherwise. */
const usualPort = 36_677
/** As `upload` does. */
const concurrency = 4

export const picgoServer = command({
  usage: '',
  summary: 'Take pictures from plug-ins made for PicGo: Obsidian, Typora, VS Code; until Ctrl-C',
  examples: [
    ['picgo-server', `plug-ins find it at http://127.0.0.1:${usualPort}/upload`],
    ['picgo-server --port 36678 --visibility private', 'somewhere else, and for you alone'],
  ],
  notes: 'Only programs on this machine reach it, and no page in a browser.',
  options: {
    port: { type: 'text', short: 'p', value: 'PORT', help: `${usualPort} unless told otherwise` },
    visibility: {
      type: 'text',
      value: 'WHO',
      choices: ['public', 'unlisted', 'private'],
      help: 'Who may see the pictures',
    },
  },
  words: [0, 0],
  async run(context, { options }) {
    const { terminal, env, signal } = context
    const { client, host } = await context.connect()
    const clipboard = createClipboard({ env, signal })
    const { visibility } = options

    async function sourceOf(given: PicgoFile): Promise<File> {
      if ('file' in given) return given.file
      if ('clipboard' in given) return new File([await clipboard.read()], 'clipboard.png')
      return fileItem(given.path).read()
    }

    const { url, server } = await startPicgo({
      port: parsePort(options.port ?? String(usualPort)),
      upload: async (files) => {
        const links: string[] = []
        const upload = async (given: PicgoFile): Promise<string> => {
          try {
            return (await client.upload(await sourceOf(given), { signal, ...(visibility && { visibility }) })).url
          } catch (error) {
            throw new Failure(`${labelOf(given)}: ${explain(error).lines.join(' ')}`)
          }
        }
        await inOrder(files, concurrency, upload, (link) => links.push(link))
        return links
      },
    })
    if (terminal.isWatched) terminal.say(`Listening at ${url}/upload for ${host}. Ctrl-C ends it.`)
    try {
      await once(signal, 'abort')
    } finally {
      server.closeAllConnections()
      server.close()
    }
    throw signal.reason
  },
})

function labelOf(given: PicgoFile): string {
  if ('path' in given) return given.path
  return 'file' in given ? given.file.name : 'clipboard'
}
