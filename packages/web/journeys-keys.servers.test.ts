import { readFile } from 'node:fs/promises'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { expectAccessible } from './testing/expect-accessible.ts'
import { launchBrowser } from './testing/launch-browser.ts'
import { type GallerySite, startGallery } from './testing/open-gallery.ts'
import { faultsOf } from './testing/page-faults.ts'
import { phoneScreen } from './testing/phone-screen.ts'

/** What keys and fingers do in a gallery. */
let browser: Browser
let site: GallerySite
let context: BrowserContext
let page: Page
let faults: string[]
beforeAll(async () => {
  ;[browser, site] = await Promise.all([launchBrowser(), startGallery(9)])
  context = await site.open(browser, { permissions: ['clipboard-read', 'clipboard-write'] })
  page = await context.newPage()
  faults = faultsOf(page)
  await page.goto('/')
  await tiles().nth(8).waitFor()
})
afterEach(() => expect(faults.splice(0)).toEqual([]))
afterAll(async () => {
  await browser.close()
  await site.stop()
})

const tiles = (of: Page = page) => of.locator('[data-tile]')
const chosen = (of: Page = page) => of.getByRole('button', { name: /^Select /, pressed: true })
const press = async (...presses: string[]) => {
  for (const one of presses) await page.keyboard.press(one)
}
const focusedName = () => page.evaluate(() => document.activeElement?.getAttribute('aria-label')?.split(',')[0])
const copied = () => page.evaluate(() => navigator.clipboard.readText())

test('the question mark lists the keys, and one switch there turns off those without Ctrl', async () => {
  await press('?')
  const list = page.getByRole('dialog', { name: 'Keys' })
  await list.getByText('Go to Albums').waitFor()
  await expectAccessible(page)
  await list.getByLabel('Keys without Ctrl or ⌘').uncheck()
  await press('Escape')
  await list.waitFor({ state: 'hidden' })
  await press('?', 'g', 'a', '/')
  expect(await list.count()).toBe(0)
  expect(new URL(page.url()).pathname).toBe('/')
  await page.goto('/settings/general')
  await page.getByLabel('Keys without Ctrl or ⌘').check()
  await press('g', 'p')
  await expect.poll(() => tiles().count()).toBe(9)
})

test('the grid is one stop for the tab key, arrows go to what lies there, and X chooses', async () => {
  await tiles().first().focus()
  await press('ArrowRight')
  expect(await focusedName()).toBe(site.names[1])
  await expect.poll(() => page.locator('[data-tile][tabindex="0"]').count()).toBe(1)
  await press('x')
  await page.getByText(/^1 selected · /).waitFor()
  await press('Shift+ArrowRight', 'Shift+ArrowRight')
  await page.getByText(/^3 selected · /).waitFor()
  await press('Shift+ArrowLeft')
  await page.getByText(/^2 selected · /).waitFor()
  await expectAccessible(page)
  await press('c')
  await page.getByText('2 links copied').waitFor()
  expect((await copied()).split('\n').map((link) => link.split('/').at(-1))).toEqual(site.ids.slice(1, 3))
  await press('Escape')
  await expect.poll(() => chosen().count()).toBe(0)
  expect(await focusedName()).toBe(site.names[2])
})

test('all are chosen by one key, all but one by one more, and what is deleted comes back by Z', async () => {
  await press('Control+a')
  await page.getByText(/^9 selected · /).waitFor()
  await tiles().first().focus()
  await press('x')
  await page.getByText(/^8 selected · /).waitFor()
  await press('Delete')
  await page.getByText('Deleted 8.').waitFor()
  await expect.poll(() => tiles().count()).toBe(1)
  await press('z')
  await expect.poll(() => tiles().count()).toBe(9)
})

test('what is chosen is downloaded as one zip, by the keyboard too', async () => {
  const namesIn = (zip: Buffer) => site.names.filter((name) => zip.includes(` ${name}`))
  const download = async () => {
    await page.getByRole('button', { name: 'Download' }).focus()
    const [file] = await Promise.all([page.waitForEvent('download'), press('Enter')])
    return { name: file.suggestedFilename(), bytes: await readFile(await file.path()) }
  }
  await tiles().nth(1).focus()
  await press('x', 'ArrowRight', 'x')
  await page.getByText(/^2 selected · /).waitFor()
  const two = await download()
  expect(two.name).toBe('imagehost-pictures.zip')
  expect(namesIn(two.bytes)).toEqual(site.names.slice(1, 3))
  await press('Escape', 'Control+a')
  await page.getByText(/^9 selected · /).waitFor()
  await tiles().first().focus()
  await press('x')
  await page.getByText(/^8 selected · /).waitFor()
  expect(namesIn((await download()).bytes)).toEqual(site.names.slice(1))
  await press('Escape')
})

test('a press with Shift chooses all between, and another visibility is given to all of them', async () => {
  await page.getByRole('button', { name: `Select ${site.names[0]}` }).click({ force: true })
  await tiles()
    .nth(4)
    .click({ modifiers: ['Shift'] })
  await page.getByText(/^5 selected · /).waitFor()
  await page.getByRole('button', { name: 'Visibility' }).click()
  await page.getByRole('menuitem', { name: 'Private' }).click()
  await page.getByText('5 now: Private').waitFor()
  await expect.poll(() => page.getByRole('link', { name: /, private$/ }).count()).toBe(5)
  await press('Escape')
})

test('filters are chips under the search, and what they find is one order in the viewer', async () => {
  await press('/')
  const chips = page.getByRole('group', { name: 'Filters' })
  await chips.getByRole('button', { name: 'Private' }).click()
  await expect.poll(() => tiles().count()).toBe(5)
  await expectAccessible(page)
  await tiles().nth(3).click()
  const viewer = page.getByRole('dialog')
  await viewer.getByRole('img', { name: site.names[3]! }).waitFor()
  await press('ArrowRight')
  await viewer.getByRole('img', { name: site.names[4]! }).waitFor()
  expect(await viewer.getByRole('button', { name: 'Next' }).count()).toBe(0)
  await press('Escape')
  await viewer.waitFor({ state: 'hidden' })
  await chips.getByRole('button', { name: 'GIF' }).click()
  await page.getByText("No match for 'Private, gif'.").waitFor()
  await press('Escape')
  await expect.poll(() => tiles().count()).toBe(9)
})

test('a picture opens, grows, moves on, tells of itself and goes, all by keys', async () => {
  await tiles().first().focus()
  await press('Enter')
  const viewer = page.getByRole('dialog')
  await viewer.getByRole('img', { name: site.names[0]! }).waitFor()
  const scale = () => viewer.locator('img').evaluate((image) => new DOMMatrix(image.style.transform).a)
  await press('+', '+')
  await expect.poll(scale).toBeCloseTo(2.25)
  await press('-')
  await expect.poll(scale).toBeCloseTo(1.5)
  await press('0')
  await expect.poll(scale).toBe(1)
  await press('ArrowRight', 'ArrowRight')
  await viewer.getByRole('img', { name: site.names[2]! }).waitFor()
  await press('e')
  await page.keyboard.type('Seven')
  await press('Enter')
  await page.getByText('Saved').first().waitFor()
  await expectAccessible(page)
  await press('i', 'Shift+c')
  await page.getByText('Link copied').first().waitFor()
  expect(await copied()).toMatch(/^!\[Seven\]\(http.*\)$/)
  await press('Delete')
  await viewer.getByRole('img', { name: site.names[3]! }).waitFor()
  await page.getByText('Deleted 1.').waitFor()
  await press('z', 'Escape')
  await viewer.waitFor({ state: 'hidden' })
  await expect.poll(() => tiles().count()).toBe(9)
  expect(await focusedName()).toBe(site.names[3])
})

test('nobody sees the actions who only looks, but whoever reaches one by the keyboard', async () => {
  await press('Enter')
  const viewer = page.getByRole('dialog')
  const actions = viewer.locator('[data-idle]')
  await actions.waitFor({ state: 'attached', timeout: 10_000 })
  await expect.poll(() => actions.evaluate((element) => getComputedStyle(element).opacity)).toBe('0')
  await press('Tab')
  const all = viewer.getByRole('button', { name: 'Close' }).locator('xpath=../..')
  await expect.poll(() => all.evaluate((element) => getComputedStyle(element).opacity)).toBe('1')
  await press('Escape')
})

test('on a phone a long press chooses, moving on chooses further, and swiping turns pages', async () => {
  const phone = await site.open(browser, phoneScreen)
  const small = await phone.newPage()
  await small.goto('/')
  await expect.poll(() => tiles(small).count()).toBe(9)
  const cdp = await phone.newCDPSession(small)
  const middles = await tiles(small).evaluateAll((all) =>
    all.map((tile) => {
      const { left, top, width, height } = tile.getBoundingClientRect()
      return { x: left + width / 2, y: top + height / 2 }
    }),
  )
  const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', point?: { x: number; y: number }) =>
    cdp.send('Input.dispatchTouchEvent', { type, touchPoints: point ? [point] : [] })
  await touch('touchStart', middles[0])
  await small.getByText(/^1 selected/).waitFor()
  await touch('touchMove', middles[1])
  await touch('touchMove', middles[3])
  await small.getByText(/^4 selected/).waitFor()
  await touch('touchEnd')
  await tiles(small).nth(5).tap()
  await small.getByText(/^5 selected/).waitFor()
  await expectAccessible(small)
  await small.getByRole('button', { name: 'Clear selection' }).tap()
  await tiles(small).first().tap()
  const viewer = small.getByRole('dialog')
  await viewer.getByRole('img', { name: site.names[0]! }).waitFor()
  await touch('touchStart', { x: 300, y: 300 })
  await touch('touchMove', { x: 200, y: 305 })
  await touch('touchMove', { x: 100, y: 305 })
  await touch('touchEnd')
  await viewer.getByRole('img', { name: site.names[1]! }).waitFor()
  await touch('touchStart', { x: 180, y: 500 })
  await touch('touchMove', { x: 180, y: 420 })
  await touch('touchMove', { x: 180, y: 300 })
  await touch('touchEnd')
  await viewer.getByLabel('Title').waitFor()
  await expectAccessible(small)
  await viewer.getByRole('button', { name: 'Close' }).last().tap()
  await touch('touchStart', { x: 180, y: 200 })
  await touch('touchMove', { x: 180, y: 300 })
  await touch('touchMove', { x: 180, y: 400 })
  await touch('touchEnd')
  await viewer.waitFor({ state: 'hidden' })
  await phone.close()
})
