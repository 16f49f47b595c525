import { createHash, randomUUID } from 'node:crypto'
import { mkdir, open, readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join } from 'node:path'
import sharp from 'sharp'
import { tellPort } from './tell-port.ts'

/**
 * The floor under an upload that is inspected and durable, without HTTP around it: a full decode, one hash, a write and an
 * fdatasync. With `decode` as second argument only the decode. `GET /?seconds=…&callers=…` runs it and answers how often.
 */
const [picture, work] = process.argv.slice(2)
const bytes = await readFile(picture!)
const folder = `${picture}.written`
await mkdir(folder, { recursive: true })
sharp.concurrency(1)
sharp.cache(false)

async function once(): Promise<void> {
  await sharp(bytes).raw().toBuffer()
  if (work === 'decode') return
  createHash('sha256').update(bytes).digest('hex')
  const file = await open(join(folder, randomUUID()), 'wx')
  await file.writeFile(bytes)
  await file.datasync()
  await file.close()
}

tellPort(
  createServer(async (request, response) => {
    const { searchParams } = new URL(request.url!, 'http://floor')
    const end = performance.now() + 1000 * Number(searchParams.get('seconds'))
    let done = 0
    const caller = async () => {
      for (; performance.now() < end; done++) await once()
    }
    await Promise.all(Array.from({ length: Number(searchParams.get('callers')) }, caller))
    response.end(String(done))
  }),
)
