import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { type Client, type ClientOptions, createClient as createAnywhere } from './client.ts'
import type { Source } from './source.ts'
import type { Uploaded, UploadSettings } from './upload.ts'

export * from './index.ts'

/** Where there is a disk, what is uploaded may be named by its path. */
export type NodeClient = Omit<Client, 'upload'> & {
  upload(source: Source | string, settings?: UploadSettings): Promise<Uploaded>
}

/** The client of `@imagehost/client` for Node, Bun and Deno: `upload('cat.jpg')` reads the file. */
export function createClient(options: ClientOptions): NodeClient {
  const client = createAnywhere(options)
  return {
    ...client,
    upload: async (source, settings) => client.upload(isPath(source) ? await openFile(source) : source, settings),
  }
}

/** A file as browsers hand it out, with its name. */
export async function openFile(file: string): Promise<File> {
  return new File([await readFile(file)], path.basename(file))
}

const isPath = (source: Source | string): source is string =>
  typeof source === 'string' && !/^https?:\/\//i.test(source)
