import { type Context, command } from '../command.ts'
import { Failure } from '../faults.ts'
import { imageId } from '../image-id.ts'
import { isInstalled, startProgram } from '../programs.ts'

/** What opens an address, by system. */
const openers: Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>> = {
  darwin: ['open'],
  win32: ['explorer.exe'],
}
const usualOpeners = ['xdg-open', 'wslview']

export const open = command({
  usage: '[IMAGE]',
  summary: 'Open the page of an image in the browser, by id or link; without one, the server',
  examples: [
    ['open img_8sKd02', 'look at it'],
    ['open', 'look at the server'],
  ],
  options: {},
  words: [0, 1],
  async run(context, { words: [word] }) {
    const { host, client } = await context.connect()
    const url = word === undefined ? host : (await client.images.info({ params: { id: imageId(word) } })).page_url
    const opener = await findOpener(context)
    if (opener === undefined) throw new Failure(`No browser was found for ${url}`, 'Set BROWSER to one.')
    await startProgram(opener, [url], context.env)
    return { data: [{ url }], lines: [] }
  },
})

async function findOpener({ env, platform }: Context): Promise<string | undefined> {
  if (env.BROWSER) return env.BROWSER
  for (const program of openers[platform] ?? usualOpeners) if (await isInstalled(program, env)) return program
  return undefined
}
