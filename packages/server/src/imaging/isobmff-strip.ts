import { type Box, boxesIn, boxIn } from './boxes.ts'
import { type Items, itemEntries, itemTypeOffset, readItems } from './items.ts'
import { corrupt } from './refusals.ts'
import { blankBetween, overlap, type Span } from './spans.ts'
import { isPictureTrack, readTracks } from './tracks.ts'

/**
 * Offsets into the file are spread over many tables here, so nothing is moved: whatever is not picture is overwritten
 * by zeros where it stands. Not by a list of what to remove but of what to keep: a box that is not known becomes
 * free space, and bytes that no picture item and no picture sample points to are zeroed, whoever put them there.
 */
export function stripIsobmff(bytes: Buffer, exif: Buffer | undefined): Buffer {
  const items = readItems(bytes)
  if (items === undefined) throw corrupt('no primary picture')
  const boxes = boxesIn(bytes, 0, bytes.length)
  const stripped = Buffer.from(bytes.subarray(0, boxes.at(-1)!.to))
  blankUnknown(stripped, boxes, 'file')
  blankNames(stripped, items)
  const stores = storesIn(stripped, boxes, items)
  blankData(stripped, stores, items)
  if (exif !== undefined) writeExif(stripped, stores, items, exif)
  return stripped
}

/** What each box may hold; `true` stands for a box whose bytes stay as they are. */
const known: Record<string, Record<string, string | true>> = {
  file: { ftyp: true, mdat: true, meta: 'meta', moov: 'moov' },
  meta: { hdlr: true, pitm: true, iinf: true, iloc: true, iref: true, idat: true, grpl: true, iprp: 'iprp' },
  iprp: { ipma: true, ipco: 'ipco' },
  // Left out are the texts: user descriptions, alternative texts, times.
  ipco: Object.fromEntries(
    'ispe pixi colr pasp av1C hvcC lhvC irot imir clap auxC clli mdcv cclv a1op a1lx lsel oinf tols rref iscl amve'
      .split(' ')
      .map((type) => [type, true]),
  ),
  moov: { mvhd: true, trak: 'trak', mvex: true },
  trak: { tkhd: true, tref: true, edts: true, mdia: 'mdia' },
  mdia: { mdhd: true, hdlr: true, minf: 'minf' },
  minf: { vmhd: true, nmhd: true, dinf: true, stbl: 'stbl' },
  stbl: Object.fromEntries(
    'stsd stts ctts cslg stss stsz stsc stco co64 sdtp sbgp sgpd subs saiz saio'.split(' ').map((type) => [type, true]),
  ),
}

function blankUnknown(bytes: Buffer, boxes: readonly Box[], room: string): void {
  for (const box of boxes) {
    const inside = known[room]?.[box.type]
    const isForeign = inside === undefined || (inside === 'trak' && !isPictureTrack(bytes, box))
    if (isForeign) {
      bytes.write('free', box.start + 4, 'latin1')
      bytes.fill(0, box.from, box.to)
    } else if (inside !== true) {
      blankUnknown(bytes, boxesIn(bytes, box.from + (inside === 'meta' ? 4 : 0), box.to), inside)
    }
  }
}

/** Items have names, which anybody may read and nobody needs. */
function blankNames(bytes: Buffer, { meta }: Items): void {
  const iinf = boxIn(bytes, 'iinf', { from: meta.from + 4, to: meta.to })
  for (const entry of iinf === undefined ? [] : itemEntries(bytes, iinf)) {
    bytes.fill(0, itemTypeOffset(bytes, entry) + 4, entry.to)
  }
}

const pictureItems = new Set(['av01', 'hvc1', 'lhv1', 'grid', 'iovl', 'iden', 'tmap'])

function blankData(bytes: Buffer, stores: readonly Span[], { types, extents }: Items): void {
  const kept: Span[] = readTracks(bytes).flatMap((track) => track.extents)
  const metadata: Span[] = []
  for (const [id, places] of extents) {
    const list = pictureItems.has(types.get(id) ?? '') ? kept : metadata
    for (const place of places) list.push(place)
  }
  if (overlap(kept, metadata)) throw corrupt('metadata that is picture at the same time')
  if (!blankBetween(bytes, stores, kept)) throw corrupt('a picture outside the media data')
}

/** Where the data of items and samples may lie. */
function storesIn(bytes: Buffer, boxes: readonly Box[], { meta }: Items): Span[] {
  const idat = boxIn(bytes, 'idat', { from: meta.from + 4, to: meta.to })
  return [...boxes.filter(({ type }) => type === 'mdat'), ...(idat === undefined ? [] : [idat])]
}

/**
 * Where it fits into the place of the old one; AVIF keeps no EXIF otherwise, since making room would move everything.
 */
function writeExif(bytes: Buffer, stores: readonly Span[], { types, extents }: Items, exif: Buffer): void {
  const id = [...types].find(([, type]) => type === 'Exif')?.[0]
  const [place, ...more] = (id !== undefined && extents.get(id)) || []
  if (place === undefined || more.length > 0 || place.to - place.from < exif.length + 4) return
  // The first four bytes tell where the TIFF structure begins behind them: at once.
  if (stores.some(({ from, to }) => place.from >= from && place.to <= to)) exif.copy(bytes, place.from + 4)
}
