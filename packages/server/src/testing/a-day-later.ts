import { expect } from 'vitest'
import { operateAt } from './operate.ts'
import { startTestApp, type TestApp } from './start-test-app.ts'

/** An hour more, since what is not older than a day might still be under way. */
const laterMs = 25 * 3_600_000
/** Each ends as much as a fault leaves, many times over. */
const maxRounds = 20

/**
 * A day after a fault, on the stores of this environment that no server uses any more: once the sweeper has come, there are the
 * bytes of the images and no others, they are what is counted, and `npm run fsck` reads all of them and has nothing to report.
 */
export async function expectWellADayLater(env: Record<string, string>): Promise<void> {
  const clock = { now: () => Date.now() + laterMs }
  const app = await startTestApp(env, { clock })
  try {
    let rounds = 0
    while ((await app.sweeper.sweep()) > 0) expect(++rounds).toBeLessThan(maxRounds)
    await expectNothingElse(app)
  } finally {
    await app.stop()
  }
  const { isWell, said } = await operateAt(clock, 'fsck', env, '--sample', '100', '--rate', '10000')
  expect(said).toMatch(/^[\d,]+ images, [\d,]+ of them read and hashed, [\d,]+ objects, no problem\.$/)
  expect(isWell).toBe(true)
}

async function expectNothingElse({ metadata, blobs }: TestApp): Promise<void> {
  const images = await Array.fromAsync(metadata.inventory.images())
  const all = await Array.fromAsync(blobs.list(''))
  // Labels of images that are not there are a problem for fsck.
  const objects = all.filter(({ key }) => !key.startsWith('labels/'))
  expect(objects.map(({ key }) => key).sort()).toEqual(images.map(({ key }) => key).sort())
  for await (const { account } of metadata.inventory.accounts()) {
    const own = objects.filter(({ key }) => key.startsWith(`uploads/${account.uid}/`))
    const bytes = own.reduce((sum, { size }) => sum + size, 0)
    expect(await metadata.images.usage(account.uid)).toEqual({ images: own.length, bytes })
  }
}
