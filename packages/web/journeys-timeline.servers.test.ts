import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { createSqliteStore } from '../server/src/infrastructure/sqlite/store.ts'
import { type ServerProcess, startServerProcess } from '../server/src/testing/start-server-process.ts'
import { launchBrowser } from './testing/launch-browser.ts'
import { startGallery } from './testing/open-gallery.ts'
import { faultsOf } from './testing/page-faults.ts'

/** A way through the months of a year and more. */
const browser = await launchBrowser()
let directory: string
let server: ServerProcess
let context: BrowserContext
let page: Page
let faults: string[]
beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'imagehost-'))
  const env = { DATA_DIR: directory, RATE_READ: '100000' }
  const small = await startGallery(1, env)
  context = await small.open(browser, { viewport: { width: 1_440, height: 900 } })
  await small.kill('SIGTERM')
  await multiply(small.ids[0]!, 3_000)
  server = await startServerProcess(env)
  page = await context.newPage()
  faults = faultsOf(page)
  await page.goto(server.url)
  await page.locator('[data-tile]').nth(9).waitFor()
})
afterEach(() => expect(faults.splice(0)).toEqual([]))
afterAll(async () => {
  await browser.close()
  await server.stop()
  await rm(directory, { recursive: true, force: true })
})

/** The one picture so many times more, a few for each day back from now; older ones are narrow, which nobody guesses. */
async function multiply(original: string, count: number): Promise<void> {
  const store = await createSqliteStore({ directory })
  const one = (await store.images.find(original))!
  for (let n = 1; n <= count; n++) {
    const id = `img_${String(n).padStart(16, '0')}`
    const { ownerUid, key, filename, mime, createdAt } = one
    const draft = {
      id,
      ownerUid,
      key,
      filename,
      mime,
      createdAt,
      originalFilename: filename,
      expiresAt: createdAt + 60,
    }
    await store.uploads.create(
      { ...draft, visibility: 'unlisted', staged: false },
      { maxDrafts: 1, reserveBytes: 1 },
      1,
    )
    const width = Math.round(one.height! * (n < 500 ? 1.5 : 0.5 + (n % 7) / 10))
    const record = { ...one, id, width, createdAt: createdAt - n * 12_000, originalFilename: `${n}.png` }
    await store.images.commit(record, { id, ownerUid, fence: 1 })
  }
  await store.close()
}

const slider = () => page.getByRole('slider')

/** The month whose name stands right below the bar. */
const atTop = () =>
  page.evaluate(() => {
    const bar = Number.parseFloat(getComputedStyle(document.documentElement).scrollPaddingTop)
    const all = [...document.querySelectorAll('h2')]
    const name = all.find((heading) => Math.abs(heading.getBoundingClientRect().top - bar) < 2)?.firstChild?.textContent
    return name?.trim()
  })

test('keys on the timeline go from month to month, by years, and to both ends', async () => {
  await slider().focus()
  const months = [await slider().getAttribute('aria-valuetext')]
  for (const key of ['ArrowDown', 'PageDown', 'ArrowUp', 'Home', 'ArrowUp']) {
    await page.keyboard.press(key)
    await expect.poll(async () => (await slider().getAttribute('aria-valuetext')) === (await atTop())).toBe(true)
    months.push(await slider().getAttribute('aria-valuetext'))
  }
  const at = (back: number) =>
    new Date(Date.UTC(new Date().getUTCFullYear(), new Date().getUTCMonth() - back, 15)).toLocaleDateString('en-US', {
      month: 'long',
      year: 'numeric',
    })
  expect(months).toEqual([0, 1, 13, 12, 0, 0].map(at))
  await page.keyboard.press('End')
  await expect
    .poll(() => page.evaluate(() => scrollY + innerHeight >= document.documentElement.scrollHeight))
    .toBe(true)
  await page.getByRole('heading', { name: at(14) }).waitFor()
})

test('on the way up through months that nobody has seen yet, nothing jumps', async () => {
  await page.reload()
  await page.locator('[data-tile]').first().waitFor()
  await slider().focus()
  await page.keyboard.press('End')
  await page.locator('[data-tile]').first().waitFor()
  await page.evaluate(watchTiles)
  await page.mouse.move(700, 500)
  for (let n = 0; n < 120; n++) {
    await page.mouse.wheel(0, -240)
    await page.waitForTimeout(16)
  }
  const numbers = await page.evaluate(() => (globalThis as unknown as { topmost: number[] }).topmost)
  expect(numbers.filter((number, at) => number > (numbers[at - 1] ?? number))).toEqual([])
  // As far as the wheel goes, in rows of five to ten pictures; a busy machine leaves some of its turns out.
  const way = numbers[0]! - numbers.at(-1)!
  expect(way).toBeGreaterThan(100)
  expect(way).toBeLessThan(1_500)
})

/** Runs in the page: the number of the first picture in the window, after each frame. They are numbered back from now. */
function watchTiles(): void {
  const topmost: number[] = []
  Object.assign(globalThis, { topmost })
  const look = () => {
    for (const tile of document.querySelectorAll<HTMLElement>('[data-tile]')) {
      const { top, bottom } = tile.getBoundingClientRect()
      if (bottom < 0 || top > innerHeight) continue
      topmost.push(Number(tile.dataset.tile!.slice('img_'.length)))
      break
    }
    again()
  }
  // When all of a frame is done.
  const again = () => requestAnimationFrame(() => setTimeout(look))
  again()
}
