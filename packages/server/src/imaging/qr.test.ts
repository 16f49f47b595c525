import fc from 'fast-check'
import jsqr from 'jsqr'
import { expect, test } from 'vitest'
import { qrPng, qrSvg } from './qr.ts'
import { sharp } from './sharp.ts'

/** What a reader of another make sees. */
async function read(picture: Buffer): Promise<string | undefined> {
  const { data, info } = await sharp(picture)
    .toColourspace('srgb')
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
  return jsqr.default(new Uint8ClampedArray(data), info.width, info.height)?.data
}

/** Drawn by its path, since SVG is nothing that sharp may load here. */
function draw(svg: string): Promise<Buffer> {
  const side = Number(/viewBox="0 0 (\d+) /.exec(svg)![1])
  const modules = Buffer.alloc(side * side, 255)
  for (const [, x, y] of svg.matchAll(/M(\d+) (\d+)h1v1h-1z/g)) modules[Number(y) * side + Number(x)] = 0
  const raw = { width: side, height: side, channels: 1 } as const
  return sharp(modules, { raw })
    .resize(side * 5, side * 5, { kernel: 'nearest' })
    .png()
    .toBuffer()
}

test('a reader reads from a PNG and from an SVG what was written', async () => {
  const addresses = fc
    .tuple(fc.webUrl(), fc.stringMatching(/^[0-9A-Za-z]{16}$/))
    .map(([url, slug]) => `${url}/s/${slug}`)
  await fc.assert(
    fc.asyncProperty(addresses, async (address) => {
      expect(await read(await qrPng(address))).toBe(address)
      expect(await read(await draw(qrSvg(address)))).toBe(address)
    }),
    { numRuns: 25 },
  )
})
