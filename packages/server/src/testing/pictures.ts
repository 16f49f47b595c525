import { readFile } from 'node:fs/promises'
import type { Sharp } from 'sharp'
import { sharp } from '../imaging/sharp.ts'
import { assembleApng } from './apng.ts'

/**
 * Real pictures, made at run time and kept: the same options give the same bytes. Other `seed`s give other bytes.
 * The picture is asymmetric, so that a wrong rotation shows.
 */
export const pictures = { jpeg, png, apng, gif, webp, avif, heic, animatedAvif, jpegWithGps, jpegWithTrailer }

/** Stands wherever a location or a name could hide in the pictures; stripped bytes must not contain it. */
export const secretPlace = 'Secret Street 1'

/** What `gps: true` writes into EXIF beside the location. */
export const gpsFacts = { make: 'Acme', model: 'Acme Cam 7', takenAt: Date.UTC(2024, 4, 6, 5, 8, 9) / 1000 }

interface PictureOptions {
  width?: number
  height?: number
  seed?: number
  /** EXIF orientation, 1 to 8. */
  orientation?: number
  /** Camera, date (with offset +02:00), location and `secretPlace` in EXIF and XMP. */
  gps?: boolean
  profile?: 'p3' | 'cmyk'
}

type JpegOptions = PictureOptions & { progressive?: boolean; quality?: number; grey?: boolean }
type PngOptions = PictureOptions & { alpha?: boolean; palette?: boolean; bits?: 8 | 16; interlaced?: boolean }
type AnimationOptions = PictureOptions & { frames?: number; alpha?: boolean }

function jpeg({ progressive = false, quality = 80, grey = false, ...options }: JpegOptions = {}): Promise<Buffer> {
  return made(['jpeg', progressive, quality, grey, options], () => {
    const canvas = grey ? draw(options).toColourspace('b-w') : draw(options)
    return dress(canvas, options).jpeg({ progressive, quality, mozjpeg: false }).toBuffer()
  })
}

function jpegWithGps(options: JpegOptions = {}): Promise<Buffer> {
  return jpeg({ ...options, gps: true })
}

/**
 * As phones write them: an MPF index in APP2, and after the end a second picture, with a location of its own, and a
 * film.
 */
async function jpegWithTrailer(options: JpegOptions = {}): Promise<Buffer> {
  const [first, second] = await Promise.all([jpeg(options), jpegWithGps({ ...options, width: 16, height: 16 })])
  const index = Buffer.from(`MPF\0II*\0\x08\0\0\0\0\0 ${secretPlace}`, 'latin1')
  const app2 = Buffer.alloc(4)
  app2.writeUInt16BE(0xffe2, 0)
  app2.writeUInt16BE(index.length + 2, 2)
  const film = Buffer.from(`\0\0\0\x18ftypmp42\0\0\0\0mp42isom ${secretPlace}`, 'latin1')
  return Buffer.concat([first.subarray(0, 2), app2, index, first.subarray(2), second, film])
}

function png({
  alpha = false,
  palette = false,
  bits = 8,
  interlaced = false,
  ...options
}: PngOptions = {}): Promise<Buffer> {
  return made(['png', alpha, palette, bits, interlaced, options], () => {
    const canvas = draw({ ...options, alpha })
    const deep = bits === 16 ? canvas.toColourspace('rgb16') : canvas
    return dress(deep, options).png({ palette, progressive: interlaced }).toBuffer()
  })
}

function apng({ frames = 3, alpha = true, ...options }: AnimationOptions = {}): Promise<Buffer> {
  return made(['apng', frames, alpha, options], async () => {
    const stills = Array.from({ length: frames }, (_, index) =>
      dress(draw({ ...options, alpha, seed: (options.seed ?? 0) + index }), index === 0 ? options : {})
        .png()
        .toBuffer(),
    )
    return assembleApng(await Promise.all(stills))
  })
}

function gif({ frames = 1, alpha = false, ...options }: AnimationOptions = {}): Promise<Buffer> {
  return made(['gif', frames, alpha, options], () =>
    draw({ ...options, frames, alpha })
      .gif({ loop: 0, effort: 1, ...(frames > 1 ? { delay: Array<number>(frames).fill(100) } : {}) })
      .toBuffer(),
  )
}

function webp({
  frames = 1,
  alpha = false,
  lossless = false,
  ...options
}: AnimationOptions & { lossless?: boolean } = {}): Promise<Buffer> {
  return made(['webp', frames, alpha, lossless, options], () =>
    dress(draw({ ...options, frames, alpha }), options)
      .webp({ lossless, effort: 1, loop: 0, ...(frames > 1 ? { delay: Array<number>(frames).fill(100) } : {}) })
      .toBuffer(),
  )
}

function avif({ alpha = false, ...options }: PictureOptions & { alpha?: boolean } = {}): Promise<Buffer> {
  return made(['avif', alpha, options], () =>
    dress(draw({ ...options, alpha }), options)
      .avif({ effort: 0, quality: 50 })
      .toBuffer(),
  )
}

/**
 * 64 × 48 pixels, as `heif-enc` wrote it from `jpegWithGps()`; `turned` is the same with a rotation of 90° in the
 * container.
 */
function heic(kind: 'gps' | 'turned' | 'p3' = 'gps'): Promise<Buffer> {
  return made(['heic', kind], () => readFile(new URL(`./fixtures/${kind}.heic`, import.meta.url)))
}

/** 64 × 48 pixels, three frames and a location, as `avifenc` wrote it from `png({ gps: true })` and two others. */
function animatedAvif(): Promise<Buffer> {
  return made(['animatedAvif'], () => readFile(new URL('./fixtures/animated.avif', import.meta.url)))
}

const kept = new Map<string, Promise<Buffer>>()

/** A copy each time: a test may damage what it gets. */
async function made(key: readonly unknown[], make: () => Promise<Buffer>): Promise<Buffer> {
  const name = JSON.stringify(key)
  const bytes = kept.get(name) ?? make()
  kept.set(name, bytes)
  return Buffer.from(await bytes)
}

interface Canvas extends PictureOptions {
  alpha?: boolean
  frames?: number
}

/** A gradient with a bright square at the top left, and some noise so that files have a real size. */
function draw({ width = 64, height = 48, seed = 0, alpha = false, frames = 1 }: Canvas): Sharp {
  const channels = alpha ? 4 : 3
  const raw = Buffer.alloc(width * height * frames * channels)
  let noise = (seed + 1) * 2654435761
  for (let pixel = 0; pixel < width * height * frames; pixel += 1) {
    const x = pixel % width
    const y = Math.floor(pixel / width) % height
    const frame = Math.floor(pixel / width / height)
    noise = (Math.imul(noise, 1664525) + 1013904223) >>> 0
    const square = x < width / 4 && y < height / 4
    const at = pixel * channels
    raw[at] = square ? 250 : Math.floor((x * 200) / width) + (noise >>> 28)
    raw[at + 1] = square ? 20 : Math.floor((y * 200) / height) + (noise >>> 28)
    raw[at + 2] = square ? 20 : (seed * 37 + frame * 60 + 40) % 256
    if (alpha) raw[at + 3] = square ? 255 : 55 + Math.floor((x * 200) / width)
  }
  return sharp(raw, { raw: { width, height: height * frames, channels, pageHeight: height } })
}

function dress(canvas: Sharp, { orientation, gps = false, profile }: PictureOptions): Sharp {
  let dressed = orientation === undefined ? canvas : canvas.withMetadata({ orientation })
  if (profile === 'p3') dressed = dressed.withIccProfile('p3')
  if (profile === 'cmyk') dressed = dressed.toColourspace('cmyk').withIccProfile('cmyk')
  if (gps) dressed = dressed.withExifMerge(exifWithGps).withXmp(xmpWithGps)
  return dressed
}

const exifWithGps = {
  IFD0: {
    Make: gpsFacts.make,
    Model: gpsFacts.model,
    ImageDescription: secretPlace,
    Artist: secretPlace,
    DateTime: '2024:05:06 07:08:09',
  },
  IFD2: {
    DateTimeOriginal: '2024:05:06 07:08:09',
    OffsetTimeOriginal: '+02:00',
    ExposureTime: '1/250',
    CameraOwnerName: secretPlace,
    BodySerialNumber: secretPlace,
  },
  IFD3: {
    GPSLatitudeRef: 'N',
    GPSLatitude: '51/1 30/1 1234/100',
    GPSLongitudeRef: 'W',
    GPSLongitude: '0/1 7/1 3456/100',
    GPSDateStamp: '2024:05:06',
  },
}

const xmpWithGps = `<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:exif="http://ns.adobe.com/exif/1.0/" exif:GPSLatitude="51,30.2N" exif:GPSLongitude="0,7.5W" exif:UserComment="${secretPlace}"/></rdf:RDF></x:xmpmeta><?xpacket end="w"?>`
