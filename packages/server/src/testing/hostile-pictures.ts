import { gzipSync } from 'node:zlib'
import { sharp } from '../imaging/sharp.ts'
import { chunk } from './apng.ts'
import { pictures } from './pictures.ts'

/** What must be refused as not being a picture, whatever it calls itself; by name. */
export async function notPictures(): Promise<Record<string, Buffer>> {
  const svg = Buffer.from(
    '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><rect width="9" height="9"/></svg>',
  )
  const pixel = sharp({ create: { width: 8, height: 8, channels: 3, background: '#f80' } })
  return {
    empty: Buffer.alloc(0),
    'one byte': Buffer.from([0xff]),
    svg,
    'svg with a declaration': Buffer.concat([Buffer.from('<?xml version="1.0"?>\n'), svg]),
    'gzipped svg': gzipSync(svg),
    html: Buffer.from('<!doctype html><script>alert(1)</script>'),
    'html behind a comment': Buffer.from('<!-- GIF89a --><script>alert(1)</script>'),
    javascript: Buffer.from('GIF8=1;alert(1)//'),
    tiff: await pixel.clone().tiff().toBuffer(),
    bmp: Buffer.from('BM\x46\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0', 'latin1'),
    ico: Buffer.from('\0\0\x01\0\x01\0\x10\x10\0\0\x01\0\x20\0', 'latin1'),
    psd: Buffer.from('8BPS\0\x01\0\0\0\0\0\0\0\x03', 'latin1'),
    pdf: Buffer.from('%PDF-1.7\n1 0 obj\n'),
    zip: Buffer.from('PK\x03\x04\x14\0\0\0', 'latin1'),
    'jxl codestream': Buffer.from('\xff\x0a\xfa\x7f\x01\x90', 'latin1'),
    'jxl container': Buffer.from('\0\0\0\x0cJXL \r\n\x87\n\0\0\0\x14ftypjxl \0\0\0\0jxl ', 'latin1'),
    mp4: Buffer.from('\0\0\0\x18ftypmp42\0\0\0\0mp42isom\0\0\0\x08mdat', 'latin1'),
    mov: Buffer.from('\0\0\0\x14ftypqt  \0\0\0\0qt  \0\0\0\x08mdat', 'latin1'),
    wav: Buffer.from('RIFF\x24\0\0\0WAVEfmt ', 'latin1'),
  }
}

/** Small files that ask for absurd amounts of work; by name. */
export async function bombs(): Promise<Record<string, Buffer>> {
  return {
    'png of 60,000 × 60,000': pngOf(60_000, 60_000),
    'png a pixel too wide': pngOf(16_385, 1),
    'png of 101 megapixels': pngOf(10_100, 10_000),
    'gif with an absurd canvas': gifOf(65_535, 65_535, { width: 1, height: 1 }),
    'gif with an absurd frame': gifOf(1, 1, { width: 65_535, height: 65_535 }),
    'gif of 2,001 frames': gifOf(1, 1, { width: 1, height: 1, frames: 2001 }),
    'apng that tells of a million frames': await apngThatTells(1_000_000),
  }
}

/** The first `share` of the bytes. */
export function truncated(bytes: Buffer, share = 0.5): Buffer {
  return bytes.subarray(0, Math.floor(bytes.length * share))
}

/** The same bytes with one bit turned at this share of the length. */
export function bitFlipped(bytes: Buffer, share = 0.7): Buffer {
  const copy = Buffer.from(bytes)
  const at = Math.floor((copy.length - 1) * share)
  copy[at] = copy[at]! ^ 0x10
  return copy
}

function pngOf(width: number, height: number): Buffer {
  const header = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 8, 2, 0, 0, 0])
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')
  const pixels = chunk('IDAT', Buffer.from('789c030000000001', 'hex'))
  return Buffer.concat([signature, chunk('IHDR', header), pixels, chunk('IEND', Buffer.alloc(0))])
}

function gifOf(width: number, height: number, frame: { width: number; height: number; frames?: number }): Buffer {
  const screen = Buffer.from('GIF89a\0\0\0\0\x80\0\0\0\0\0\xff\xff\xff', 'latin1')
  screen.writeUInt16LE(width, 6)
  screen.writeUInt16LE(height, 8)
  const image = Buffer.from(',\0\0\0\0\0\0\0\0\0\x02\x02\x44\x01\0', 'latin1')
  image.writeUInt16LE(frame.width, 5)
  image.writeUInt16LE(frame.height, 7)
  return Buffer.concat([screen, ...Array<Buffer>(frame.frames ?? 1).fill(image), Buffer.from(';')])
}

async function apngThatTells(frames: number): Promise<Buffer> {
  const bytes = await pictures.apng()
  const at = bytes.indexOf('acTL')
  const told = Buffer.alloc(8)
  told.writeUInt32BE(frames, 0)
  return Buffer.concat([bytes.subarray(0, at - 4), chunk('acTL', told), bytes.subarray(at + 16)])
}
