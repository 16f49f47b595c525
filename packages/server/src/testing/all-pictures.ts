import { pictures } from './pictures.ts'

/** One picture of every kind, by name: what holds for pictures is tried on all of these. */
export async function allPictures(): Promise<Record<string, Buffer>> {
  const gps = true
  return {
    jpeg: await pictures.jpeg(),
    'jpeg with a location': await pictures.jpegWithGps(),
    'jpeg with a location, turned': await pictures.jpegWithGps({ orientation: 6 }),
    'jpeg with a second picture and a film behind it': await pictures.jpegWithTrailer({ gps, orientation: 8 }),
    'progressive jpeg': await pictures.jpeg({ progressive: true, gps }),
    'grey jpeg': await pictures.jpeg({ grey: true, gps }),
    'jpeg in P3': await pictures.jpeg({ profile: 'p3', gps }),
    'jpeg in CMYK': await pictures.jpeg({ profile: 'cmyk' }),
    png: await pictures.png({ gps, orientation: 3 }),
    'png with alpha': await pictures.png({ alpha: true }),
    'png of 16 bits': await pictures.png({ bits: 16, alpha: true, profile: 'p3' }),
    'png with a palette': await pictures.png({ palette: true, gps }),
    'interlaced png': await pictures.png({ interlaced: true, gps }),
    'animated png': await pictures.apng({ gps, orientation: 5 }),
    gif: await pictures.gif(),
    'animated gif': await pictures.gif({ frames: 3, alpha: true }),
    webp: await pictures.webp({ gps, orientation: 7 }),
    'plain webp': await pictures.webp(),
    'lossless webp with alpha': await pictures.webp({ lossless: true, alpha: true, profile: 'p3' }),
    'animated webp': await pictures.webp({ frames: 3, alpha: true, gps }),
    avif: await pictures.avif({ gps, orientation: 6 }),
    'avif with alpha': await pictures.avif({ alpha: true, profile: 'p3' }),
    'animated avif': await pictures.animatedAvif(),
  }
}
