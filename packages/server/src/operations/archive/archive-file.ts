import { createReadStream, createWriteStream } from 'node:fs'
import { rename } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import { type ArchiveEntry, type Counts, noCounts } from './entries.ts'

/** The first line of a file tells its layout, the last one what must be in it: one that was cut off has none. */
const layout = 1

/** Writes entries as lines of JSON, packed; the file has its name only once it is whole. */
export async function writeArchiveFile(file: string, entries: AsyncIterable<ArchiveEntry>): Promise<Counts> {
  const counts = noCounts()
  async function* lines(): AsyncGenerator<string> {
    yield `${JSON.stringify({ imagehost: 'archive', layout })}\n`
    for await (const { noun, entry } of entries) {
      counts[noun]++
      yield `${JSON.stringify({ noun, entry })}\n`
    }
    yield `${JSON.stringify({ end: counts })}\n`
  }
  const unfinished = `${file}.unfinished`
  // It holds hashes of passwords and keys.
  await pipeline(Readable.from(lines()), createGzip(), createWriteStream(unfinished, { mode: 0o600, flush: true }))
  await rename(unfinished, file)
  return counts
}

/** Throws for a file that is none, was cut off, or is of a later version. Read it to its end before anything of it counts. */
export async function* readArchiveFile(file: string): AsyncGenerator<ArchiveEntry> {
  const counts = noCounts()
  let isFirst = true
  let end: Counts | undefined
  const unpacked = createReadStream(file).pipe(createGunzip())
  for await (const text of createInterface({ input: unpacked, crlfDelay: Number.POSITIVE_INFINITY })) {
    const line = JSON.parse(text)
    if (isFirst && line.imagehost !== 'archive') throw new Error(`${file} is no archive of ImageHost.`)
    if (isFirst && line.layout > layout) throw new Error(`${file} is of a later version of ImageHost: use that one.`)
    if (line.end) end = line.end
    else if (!isFirst) {
      counts[line.noun as ArchiveEntry['noun']]++
      yield line
    }
    isFirst = false
  }
  if (JSON.stringify(end) !== JSON.stringify(counts)) throw new Error(`${file} is not whole.`)
}
