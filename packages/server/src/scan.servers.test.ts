import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Clamd, startClamd } from '../../../scripts/clamav/start-clamd.ts'
import { createClamdScanner } from './infrastructure/clamd/scanner.ts'
import { pictures } from './testing/pictures.ts'
import { startTestApp, type TestApp, type TestUser } from './testing/start-test-app.ts'
import { uploadPicture } from './testing/upload-picture.ts'

/** With Debian's clamd and a signature made here. */
const malware = Buffer.from('these-bytes-stand-for-malware')
let clamd: Clamd
let app: TestApp
let user: TestUser
beforeAll(async () => {
  clamd = await startClamd({ name: 'ImageHost.Test', bytes: malware })
  app = await startTestApp({ CLAMD_URL: clamd.url })
  user = await app.user()
})
afterAll(async () => {
  await app.stop()
  await clamd.stop()
})

/** Behind the end of the picture, where stripping would cut it off unseen. */
const infected = async () => Buffer.concat([await pictures.jpeg({ seed: 1 }), malware])

test('a clean picture passes', async () => {
  await expect(uploadPicture(app, user, await pictures.jpeg({ seed: 1 }))).resolves.toMatchObject({
    mime: 'image/jpeg',
  })
})

test('an infected one is refused with what was found, and nothing of it is kept', async () => {
  const before = await app.metadata.images.usage(user.uid)
  await expect(uploadPicture(app, user, await infected())).rejects.toMatchObject({
    status: 422,
    code: 'infected',
    details: { found: expect.stringContaining('ImageHost.Test') },
  })
  expect(await app.metadata.images.usage(user.uid)).toEqual(before)
})

test('what is larger than clamd takes has no verdict', async () => {
  const scanner = createClamdScanner({ url: clamd.url, timeoutMs: 10_000 })
  expect(await scanner.scan(Buffer.alloc(1_000_000))).toBeUndefined()
  await expect(scanner.scan(Buffer.alloc(20_000_000))).rejects.toMatchObject({ name: 'ScannerUnavailable' })
})

test('a scanner that hangs is waited for only so long, and refuses or accepts as it was told', {
  timeout: 60_000,
}, async () => {
  const env = { CLAMD_URL: clamd.url, CLAMD_SECONDS: '1' }
  const [strict, lenient] = [await startTestApp(env), await startTestApp({ ...env, CLAMD_AWAY: 'accept' })]
  process.kill(clamd.pid, 'SIGSTOP')
  try {
    const bytes = await pictures.jpeg({ seed: 2 })
    await expect(uploadPicture(strict, await strict.user(), bytes)).rejects.toMatchObject({
      status: 503,
      code: 'scan_error',
    })
    await expect(uploadPicture(lenient, await lenient.user(), bytes)).resolves.toBeDefined()
  } finally {
    process.kill(clamd.pid, 'SIGCONT')
  }
  await expect(uploadPicture(strict, await strict.user(), await pictures.jpeg({ seed: 2 }))).resolves.toBeDefined()
  await Promise.all([strict.stop(), lenient.stop()])
})
