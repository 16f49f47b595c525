import { open, readdir, readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import { formatOf, type Source } from '@imagehost/client'
import { AppError } from '@imagehost/contract/errors'
import { Failure } from './faults.ts'

/** Something to upload, named as it was typed. */
export interface Item {
  label: string
  /** Called when its turn comes, so that a thousand files are not in memory at once. */
  read(): Promise<Source>
}

interface ItemSources {
  isRecursive: boolean
  /** What is piped in, for `-`. */
  input: () => ReadableStream<Uint8Array>
  /** Its name. */
  inputName: string | undefined
}

/** What the words of a command line stand for: files, directories, addresses, `-`. What is wrong with one is told by its `read`. */
export async function itemsOf(words: readonly string[], sources: ItemSources): Promise<Item[]> {
  const items = await Promise.all(words.map((word) => itemsOfWord(word, sources)))
  return items.flat()
}

async function itemsOfWord(word: string, { isRecursive, input, inputName }: ItemSources): Promise<Item[]> {
  if (/^https?:\/\//i.test(word)) return [{ label: word, read: async () => new URL(word) }]
  if (word === '-') return [{ label: inputName ?? '-', read: () => checked(readAll(input()), inputName ?? 'stdin') }]
  const facts = await stat(word).catch(() => undefined)
  if (!facts?.isDirectory()) return [fileItem(word)]
  if (isRecursive) return (await picturesIn(word)).map(fileItem)
  return [
    {
      label: word,
      read: () => Promise.reject(new Failure('This is a directory.', 'Upload what is in it by --recursive.')),
    },
  ]
}

/** A file by its path, and nothing else that the word might stand for. */
export const fileItem = (file: string) => ({
  label: file,
  read: () => checked(readFile(file), path.basename(file)),
})

/** What is no picture does not travel. A name says nothing: the first bytes do. */
async function checked(reading: Promise<Uint8Array<ArrayBuffer>>, name: string): Promise<File> {
  const bytes = await reading
  if (formatOf(bytes) === undefined) throw new AppError('unsupported_type')
  return new File([bytes], name)
}

/** As much as is read of a pipe; larger than what servers take by far. */
const maxInputBytes = 512 * 1024 * 1024

async function readAll(input: ReadableStream<Uint8Array>): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of input) {
    size += chunk.length
    if (size > maxInputBytes) throw new AppError('too_large')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/**
 * All pictures below, in the order of their paths. Links to directories are not followed, since they may lead in a circle;
 * Node's own recursion does follow them.
 */
async function picturesIn(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true })
  const pictures: string[] = []
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const found = path.join(directory, entry.name)
    if (entry.isDirectory()) pictures.push(...(await picturesIn(found)))
    else if (entry.isFile() && (await isPicture(found))) pictures.push(found)
  }
  return pictures
}

async function isPicture(file: string): Promise<boolean> {
  const handle = await open(file).catch(() => undefined)
  if (handle === undefined) return false
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(64), 0, 64, 0)
    return formatOf(buffer.subarray(0, bytesRead)) !== undefined
  } finally {
    await handle.close()
  }
}
