import jsqr from 'jsqr'
import sharp from 'sharp'

/** What a camera would read from a picture of the screen; undefined where it finds no code. */
export async function readQrCode(png: Buffer): Promise<string | undefined> {
  // Between two pixels of the screen its edges are grey.
  const sharpened = sharp(png).threshold(128, { greyscale: false }).ensureAlpha()
  const { data, info } = await sharpened.raw().toBuffer({ resolveWithObject: true })
  return jsqr.default(new Uint8ClampedArray(data), info.width, info.height)?.data
}
