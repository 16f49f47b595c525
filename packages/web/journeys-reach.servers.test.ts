import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { pictures } from '../server/src/testing/pictures.ts'
import { textsCutOff } from './testing/cut-off.ts'
import { dropFiles } from './testing/drop-files.ts'
import { expectAccessible } from './testing/expect-accessible.ts'
import { launchBrowser } from './testing/launch-browser.ts'
import { type GallerySite, startGallery } from './testing/open-gallery.ts'
import { faultsOf } from './testing/page-faults.ts'
import { phoneScreen } from './testing/phone-screen.ts'
import { textsThatAreForeign } from './testing/texts.ts'

/** Whom the page reaches: without a connection, in another language, by the keyboard alone, with large letters. */
const browser = await launchBrowser()
let site: GallerySite
let album: string
beforeAll(async () => {
  site = await startGallery(6)
  album = (await site.client.albums.create({ body: { name: '123', visibility: 'unlisted' } })).id
  await site.client.albums.change({ params: { album }, body: { add: site.ids.slice(0, 3) } })
  await site.client.shares.create({ params: { id: site.ids[0]! }, body: { name: '456', max_views: 3 } })
  await site.client.trash.put({ params: { id: site.ids[5]! } })
})
afterAll(async () => {
  await browser.close()
  await site.stop()
})

const isReady = (page: Page) => page.getByRole('navigation').first().waitFor()

/** Every screen, and what there has to come before it is all there. */
const screens = () => [
  ['/', '[data-tile]'],
  [`/?view=${site.ids[1]}`, 'aside'],
  ['/?q=nothing-of-the-kind', 'main button'],
  ['/albums', 'main img'],
  [`/albums/${album}`, '[data-tile]'],
  ['/shared', 'main h1'],
  ['/trash', 'main h1'],
  ['/settings/general', 'main h2'],
  ['/settings/keys', 'main h2'],
  ['/settings/security', 'main h2'],
  ['/settings/account', 'main h2'],
  ['/admin/users', 'main :is(h1, h2):visible'],
]

test('without a connection an installed page says so, and nothing of anybody is kept', async () => {
  const context = await site.open(browser)
  const page = await context.newPage()
  const faults = faultsOf(page)
  await page.goto('/')
  await page.locator('[data-tile]').first().waitFor()
  await page.evaluate(() => navigator.serviceWorker.ready)
  await page.reload()
  await page.locator('[data-tile]').first().waitFor()
  const kept = await page.evaluate(async () => {
    const caches_ = await Promise.all((await caches.keys()).map((name) => caches.open(name)))
    return (await Promise.all(caches_.map((cache) => cache.keys()))).flat().map(({ url }) => new URL(url).pathname)
  })
  expect(kept.filter((path) => !/^\/assets\/|^\/offline\./.test(path))).toEqual([])
  expect(kept.filter((path) => path.startsWith('/assets/')).length).toBeGreaterThan(3)
  const { scope } = await page.evaluate(async () => {
    const { scope, active } = await navigator.serviceWorker.ready
    return { scope, script: active?.scriptURL }
  })
  expect(new URL(scope).pathname).toBe('/')
  expect(faults).toEqual([])
  await context.setOffline(true)
  await page.reload()
  await page.getByRole('heading', { name: 'Offline.' }).waitFor()
  await expectAccessible(page)
  await context.setOffline(false)
  await page.getByRole('link', { name: 'Try again' }).click()
  await page.locator('[data-tile]').first().waitFor()
  await context.close()
})

test('what another program shares with the installed page is uploaded', async () => {
  const context = await site.open(browser)
  const page = await context.newPage()
  await page.goto('/')
  await page.evaluate(() => navigator.serviceWorker.ready)
  await page.reload()
  await isReady(page)
  const base64 = (await pictures.png({ seed: 900 })).toString('base64')
  await page.evaluate((bytes) => {
    const data = new DataTransfer()
    const file = Uint8Array.from(atob(bytes), (letter) => letter.charCodeAt(0))
    data.items.add(new File([file], 'shared.png', { type: 'image/png' }))
    const form = Object.assign(document.createElement('form'), {
      action: '/shared-files',
      method: 'post',
      enctype: 'multipart/form-data',
    })
    form.append(Object.assign(document.createElement('input'), { type: 'file', name: 'files', files: data.files }))
    document.body.append(form)
    form.submit()
  }, base64)
  const tray = page.getByRole('region', { name: 'Uploads' })
  await tray.getByText('1 uploaded').waitFor()
  expect(new URL(page.url()).pathname).toBe('/')
  await context.close()
})

test('every word on every screen comes from the table, and one that is longer has its room on a phone', async () => {
  const speakPseudo = () => {
    localStorage.setItem('language', 'en-XA')
    localStorage.setItem('info', 'on')
  }
  const context = await site.open(browser, phoneScreen)
  await context.addInitScript(speakPseudo)
  const page = await context.newPage()
  const foreign: Record<string, string[]> = {}
  const look = async (name: string) => {
    const found = await page.evaluate(textsThatAreForeign)
    if (found.length > 0) foreign[name] = found
  }
  for (const [path, sign] of screens()) {
    await page.goto(path!)
    await page.locator(sign!).first().waitFor()
    await look(path!)
  }
  await page.goto('/')
  await isReady(page)
  await page.keyboard.press('?')
  await page.getByRole('dialog').waitFor()
  await look('keys')
  const visitor = await browser.newContext({ baseURL: site.url, ...phoneScreen })
  await visitor.addInitScript(speakPseudo)
  const welcome = await visitor.newPage()
  await welcome.goto('/')
  await welcome.getByRole('heading', { level: 1 }).waitFor()
  foreign.welcome = await welcome.evaluate(textsThatAreForeign)
  expect(foreign).toEqual({ welcome: [] })
  await visitor.close()
  await context.close()
})

test('where the page speaks more than one language, the settings offer them, and the choice goes along to other browsers', async () => {
  const context = await site.open(browser)
  const page = await context.newPage()
  const settings = async (of: Page) => {
    await of.goto('/settings/general')
    // The last of them are there when the account is known, and with it what it says of the language.
    await of.getByRole('radio').nth(5).waitFor()
    return of.evaluate(() => document.documentElement.lang)
  }
  const choice = page.getByRole('combobox')
  expect(await settings(page)).toBe('en')
  expect(await choice.count()).toBe(0)
  await page.evaluate(() => localStorage.setItem('language', 'en-XA'))
  expect(await settings(page)).toBe('en-XA')
  await expectAccessible(page)
  expect(await choice.inputValue()).toBe('')
  await Promise.all([page.waitForEvent('load'), choice.selectOption('English (Pseudo-Accents)')])
  expect(await settings(page)).toBe('en-XA')

  const other = await site.open(browser)
  const elsewhere = await other.newPage()
  await settings(elsewhere)
  await expect.poll(() => elsewhere.evaluate(() => localStorage.getItem('language'))).toBe('en-XA')
  expect(await settings(elsewhere)).toBe('en-XA')
  await Promise.all([elsewhere.waitForEvent('load'), elsewhere.getByRole('combobox').selectOption({ index: 0 })])
  expect(await settings(elsewhere)).toBe('en')
  await Promise.all([context.close(), other.close()])
})

test('at 400 % every screen is read by everybody, and with letters twice as large nothing is cut off', async () => {
  const context = await site.open(browser, { viewport: { width: 320, height: 256 } })
  const page = await context.newPage()
  const cutOff: Record<string, string[]> = {}
  const lookAt = async (name: string) => {
    await page.setViewportSize({ width: 360, height: 740 })
    await page.evaluate(() => {
      document.documentElement.style.fontSize = '200%'
    })
    const found = await page.evaluate(textsCutOff)
    if (found.length > 0) cutOff[name] = found
    await page.setViewportSize({ width: 320, height: 256 })
  }
  for (const [path, sign] of screens()) {
    await page.goto(path!)
    await page.locator(sign!.replace('aside', 'dialog')).first().waitFor()
    await expectAccessible(page)
    await lookAt(path!)
  }
  await page.goto('/')
  await page.locator('[data-tile]').first().focus()
  await page.keyboard.press('x')
  await page.getByText(/^1 selected/).waitFor()
  await lookAt('what is selected')
  await page.keyboard.press('s')
  await page.getByRole('button', { name: 'New limited link' }).click()
  await lookAt('sharing')
  for (const path of [`/v/${site.ids[0]}`, `/a/${album}`]) {
    await page.goto(path)
    await page.locator('h1').waitFor()
    await lookAt(path)
  }
  expect(cutOff).toEqual({})
  await context.close()
})

test('whoever asks for less motion gets fades of 80 milliseconds at most', async () => {
  const context = await site.open(browser, { reducedMotion: 'reduce' })
  const page = await context.newPage()
  await page.goto('/')
  await page.locator('[data-tile]').first().click()
  await page.getByRole('dialog').waitFor()
  const longest = await page.evaluate(() =>
    Math.max(
      ...[...document.querySelectorAll('*')].flatMap((element) => {
        const { transitionDuration, animationDuration } = getComputedStyle(element)
        return `${transitionDuration},${animationDuration}`.split(',').map((time) => Number.parseFloat(time) * 1000)
      }),
      ...document.getAnimations().map(({ effect }) => Number(effect?.getTiming().duration ?? 0)),
    ),
  )
  expect(longest).toBeLessThanOrEqual(80)
  await context.close()
})

test('what is dropped on a first visit waits with its picture, and is uploaded by whoever signs in', async () => {
  const page = await browser.newPage({ baseURL: site.url })
  await page.goto('/')
  const well = page.getByLabel(/Choose picture/)
  await well.setInputFiles([{ name: 'first.png', mimeType: 'image/png', buffer: await pictures.png({ seed: 902 }) }])
  await page.getByText('1 waiting.').waitFor()
  await expectAccessible(page)
  await page.getByRole('button', { name: 'I have one' }).click()
  await page.getByLabel('User name').fill('anna')
  await page.getByLabel('Password').fill('long enough for a test')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('region', { name: 'Uploads' }).getByText('1 uploaded').waitFor()
  await dropFiles(page, [])
  await page.close()
})
