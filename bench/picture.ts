import { sharp } from '../packages/server/src/imaging/sharp.ts'

/**
 * A picture that costs what a photograph does: soft shapes with the grain of a sensor. At 1024 × 768 the quality of 80
 * makes about 100 KB of it.
 */
export async function photograph({ width = 1024, height = 768 } = {}): Promise<Buffer> {
  const shapes = await sharp({
    create: {
      width: 16,
      height: 12,
      channels: 3,
      background: 'grey',
      noise: { type: 'gaussian', mean: 128, sigma: 60 },
    },
  })
    .png()
    .toBuffer()
  const grain = await sharp({
    create: { width, height, channels: 3, background: 'grey', noise: { type: 'gaussian', mean: 128, sigma: 16 } },
  })
    .blur(0.7)
    .png()
    .toBuffer()
  return sharp(shapes)
    .resize(width, height, { fit: 'fill', kernel: 'cubic' })
    .composite([{ input: grain, blend: 'overlay' }])
    .jpeg({ quality: 80 })
    .toBuffer()
}
