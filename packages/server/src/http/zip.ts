import { Readable } from 'node:stream'
import { makeZip } from 'client-zip'
import type { FastifyReply } from 'fastify'
import { contentDisposition } from './content-disposition.ts'

/** One file of an archive; its bytes are asked for when its turn comes. */
export interface ZipEntry {
  /** With slashes between folders; see `safeName`. */
  name: string
  modifiedAt: Date
  bytes: AsyncIterable<Buffer | string>
}

/**
 * Sends files as one archive while it is being made; the client's speed sets the pace. Pictures are packed already, so
 * nothing is compressed. What fails on the way cuts the answer off, so that nobody takes half an archive for a whole one.
 */
export function sendZip(reply: FastifyReply, filename: string, entries: AsyncIterable<ZipEntry>): FastifyReply {
  return reply
    .headers({
      'content-type': 'application/zip',
      'content-disposition': contentDisposition('attachment', filename),
      'cache-control': 'private, no-store',
    })
    .send(Readable.fromWeb(makeZip(inTurn(entries), { buffersAreUTF8: true }) as never))
}

async function* inTurn(entries: AsyncIterable<ZipEntry>) {
  for await (const { name, modifiedAt, bytes } of entries) yield { name, lastModified: modifiedAt, input: bytes }
}

/**
 * A name that every system can unpack, and that leads nowhere else: without separators, drive letters, characters that
 * Windows refuses, and dots at the ends.
 */
export const safeName = (name: string): string =>
  name
    .replace(/[\p{Cc}\p{Cf}\\/:*?"<>|]/gu, '_')
    .replace(/^[. ]+|[. ]+$/g, '')
    .slice(0, 120) || 'unnamed'
