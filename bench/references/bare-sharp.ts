import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import sharp from 'sharp'
import { tellPort } from './tell-port.ts'

/**
 * The floor under a transform: sharp alone with our settings, without HTTP around it. The first argument is the picture, the second
 * the format; `GET /?seconds=…&callers=…` makes it 400 wide again and again and answers how often.
 */
const [picture, format] = process.argv.slice(2) as [string, 'webp' | 'jpeg' | 'avif']
const bytes = await readFile(picture)
const settings = { webp: { quality: 78, effort: 2 }, jpeg: { quality: 80 }, avif: { quality: 52, effort: 3 } }
sharp.concurrency(1)
sharp.cache(false)

tellPort(
  createServer(async (request, response) => {
    const { searchParams } = new URL(request.url!, 'http://floor')
    const end = performance.now() + 1000 * Number(searchParams.get('seconds'))
    let done = 0
    const caller = async () => {
      for (; performance.now() < end; done++) {
        await sharp(bytes, { autoOrient: true, sequentialRead: true })
          .resize({ width: 400, withoutEnlargement: true })
          [format](settings[format])
          .toBuffer()
      }
    }
    await Promise.all(Array.from({ length: Number(searchParams.get('callers')) }, caller))
    response.end(String(done))
  }),
)
