import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { pictures } from '../server/src/testing/pictures.ts'
import { dropFiles } from './testing/drop-files.ts'
import { engines, envOn } from './testing/engines.ts'
import { expectAccessible } from './testing/expect-accessible.ts'
import { launchBrowser } from './testing/launch-browser.ts'
import { type GallerySite, startGallery } from './testing/open-gallery.ts'
import { faultsOf } from './testing/page-faults.ts'

/** How pictures come in, and what is said meanwhile. */
const browser = await launchBrowser()
afterAll(() => browser.close())

describe.each(engines)('on %s', (engine) => {
  let site: GallerySite
  let context: BrowserContext
  let page: Page
  let faults: string[]
  beforeAll(async () => {
    site = await startGallery(1, await envOn(engine, 11))
    context = await site.open(browser, { permissions: ['clipboard-read', 'clipboard-write'] })
    page = await context.newPage()
    faults = faultsOf(page)
    await page.goto('/')
    await page.locator('[data-tile]').waitFor()
  })
  afterEach(() => expect(faults.splice(0)).toEqual([]))
  afterAll(async () => {
    await context.close()
    await site.stop()
  })

  const trayOf = (of: Page = page) => of.getByRole('region', { name: 'Uploads' })
  const picture = async (seed: number) => ({
    name: `${seed}.png`,
    type: 'image/png',
    bytes: await pictures.png({ seed: 500 + seed, width: 120, height: 90 }),
  })
  const copied = () => page.evaluate(() => navigator.clipboard.readText())

  test('whoever drags a picture over the window sees where it would go, and in an album it goes there', async () => {
    await dropFiles(page, [await picture(1)], 'dragenter')
    await page.getByText('Drop to upload · unlisted').waitFor()
    await expectAccessible(page)
    await page.evaluate(() => dispatchEvent(new DragEvent('dragleave')))
    const { id: album } = await site.client.albums.create({ body: { name: 'Lisbon' } })
    await page.goto(`/albums/${album}`)
    await page.getByRole('heading', { name: 'Lisbon' }).waitFor()
    await dropFiles(page, [await picture(1)], 'dragenter')
    await page.getByText('Drop to upload to Lisbon').waitFor()
    await dropFiles(page, [await picture(1)])
    await trayOf().getByText('1 uploaded').waitFor()
    await expect.poll(() => page.locator('[data-tile]').count()).toBe(1)
    await page.goto('/')
    await page.locator('[data-tile]').first().waitFor()
  })

  test('a picture is pasted anywhere on the page, and its link stands in the clipboard then', async () => {
    const base64 = (await picture(9)).bytes.toString('base64')
    await page.evaluate(async (bytes) => {
      const blob = new Blob([Uint8Array.from(atob(bytes), (letter) => letter.charCodeAt(0))], { type: 'image/png' })
      await navigator.clipboard.write([new ClipboardItem({ 'image/png': blob })])
    }, base64)
    await page.keyboard.press('Control+v')
    await trayOf().getByText('1 uploaded').waitFor()
    await page.getByText('Link copied').first().waitFor()
    expect((await fetch(await copied())).headers.get('content-type')).toBe('image/png')
    await trayOf().getByRole('button', { name: 'Close' }).click()
  })

  test('links are copied in the form that was chosen last, and one link for all is an album', async () => {
    await dropFiles(page, [await picture(2), await picture(3)])
    await trayOf().getByText('2 uploaded').waitFor()
    await trayOf()
      .getByRole('button', { name: /other forms/ })
      .click()
    await expectAccessible(page)
    await page.getByRole('menuitem', { name: 'Markdown' }).click()
    await page.getByText('2 links copied').waitFor()
    expect((await copied()).split('\n')).toEqual([
      expect.stringMatching(/^!\[.*\]\(http/),
      expect.stringMatching(/^!\[/),
    ])
    await trayOf().getByRole('button', { name: 'Make album link' }).click()
    await expect.poll(copied).toContain('/a/')
    const album = await copied()
    expect(await (await fetch(album)).text()).toContain('Upload of')
    await trayOf().getByRole('button', { name: 'Close' }).click()
  })

  test('what somebody has already is not sent again, and said so beside its link', async () => {
    const puts: string[] = []
    page.on('request', (request) => request.method() === 'PUT' && puts.push(request.url()))
    await dropFiles(page, [await picture(2)])
    await trayOf().getByText('You have this one already').waitFor()
    expect(puts).toEqual([])
    await trayOf().getByRole('button', { name: 'Copy link: 2.png' }).click()
    await page.getByText('Link copied').first().waitFor()
    await trayOf().getByRole('button', { name: 'Close' }).click()
  })

  test('offline an upload waits, and goes on by itself', async () => {
    await context.setOffline(true)
    await dropFiles(page, [await picture(4)])
    await trayOf().getByText('Offline. Goes on by itself.').waitFor()
    await trayOf().getByText('Waiting').waitFor()
    await context.setOffline(false)
    await trayOf().getByText('1 uploaded').waitFor()
    await trayOf().getByRole('button', { name: 'Close' }).click()
    // That nothing could be reached meanwhile is what was wanted.
    faults.length = 0
  })

  test('by the keyboard alone somebody signs up, uploads, shares, deletes and takes that back', async () => {
    const context = await browser.newContext({
      baseURL: site.url,
      permissions: ['clipboard-read', 'clipboard-write'],
    })
    const page = await context.newPage()
    const chooser = page.waitForEvent('filechooser')
    await page.goto('/')
    // Until it is known that there may be new accounts, the same form signs in.
    await page.getByRole('button', { name: 'Create account' }).waitFor()
    const tabTo = async (name: RegExp) => {
      for (let tabs = 0; tabs < 40; tabs++) {
        await page.keyboard.press('Tab')
        const here = await page.evaluate(() => {
          const element = document.activeElement as HTMLInputElement | null
          return element?.getAttribute('aria-label') ?? element?.labels?.[0]?.textContent ?? element?.textContent ?? ''
        })
        if (name.test(here)) return
      }
      throw new Error(`The tab key does not come to ${name}.`)
    }
    await tabTo(/^User name/)
    await page.keyboard.type('keys-only')
    await tabTo(/^Password/)
    await page.keyboard.type('long enough for a test')
    await page.keyboard.press('Enter')
    await page.getByText('Drop pictures anywhere on this page.').waitFor()
    await page.keyboard.press('u')
    const bytes = await pictures.png({ seed: 901, width: 200, height: 150 })
    await (await chooser).setFiles([{ name: 'by keys.png', mimeType: 'image/png', buffer: bytes }])
    await page.getByRole('region', { name: 'Uploads' }).getByText('1 uploaded').waitFor()
    await page.locator('[data-tile]').waitFor()
    await tabTo(/^by keys\.png/)
    await page.keyboard.press('s')
    const dialog = page.getByRole('dialog')
    await dialog.waitFor()
    await expectAccessible(page)
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'hidden' })
    await tabTo(/^by keys\.png/)
    await page.keyboard.press('Delete')
    await page.getByText('Deleted 1.').waitFor()
    await page.keyboard.press('z')
    await page.locator('[data-tile]').waitFor()
    await context.close()
  })

  // What follows is the same wherever things are kept.
  if (engine !== 'embedded') return

  test('an address that the server may not fetch says so, without an offer to try again', async () => {
    await page.getByRole('button', { name: 'Other ways to upload' }).click()
    await page.getByRole('menuitem', { name: 'From an address' }).click()
    const dialog = page.getByRole('dialog', { name: 'From an address' })
    await expectAccessible(page)
    await dialog.getByLabel('Address of the picture').fill('http://127.0.0.1:1/a.png')
    await dialog.getByRole('button', { name: 'Upload' }).click()
    await trayOf().getByText('0 uploaded, 1 refused').waitFor()
    expect(await trayOf().getByRole('button', { name: 'Retry' }).count()).toBe(0)
    await trayOf()
      .getByRole('button', { name: /^Dismiss/ })
      .click()
  })

  test('of a folder the pictures are taken, and what else lies in it is left', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'pictures-'))
    await mkdir(path.join(folder, 'inner'))
    await writeFile(path.join(folder, '5.png'), (await picture(5)).bytes)
    await writeFile(path.join(folder, 'inner', '6.png'), (await picture(6)).bytes)
    await writeFile(path.join(folder, 'notes.txt'), 'not a picture')
    const asked = page.waitForEvent('filechooser')
    await page.getByRole('button', { name: 'Other ways to upload' }).click()
    await page.getByRole('menuitem', { name: 'Choose a folder' }).click()
    await (await asked).setFiles(folder)
    await trayOf().getByText('2 uploaded').waitFor()
    await trayOf().getByRole('button', { name: 'Close' }).click()
    await rm(folder, { recursive: true })
  })

  test('whoever leaves while something is under way is asked first', async () => {
    let release = () => {}
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    await context.route('**/api/v1/upload/request', async (route) => {
      await held
      await route.continue()
    })
    await dropFiles(page, [await picture(7)])
    await trayOf().getByText('0 of 1').waitFor()
    const question = page.waitForEvent('dialog')
    const leaving = page.evaluate(() => location.reload())
    const dialog = await question
    expect(dialog.type()).toBe('beforeunload')
    await dialog.dismiss()
    await leaving
    release()
    await trayOf().getByText('1 uploaded').waitFor()
    await context.unroute('**/api/v1/upload/request')
    await trayOf().getByRole('button', { name: 'Close' }).click()
  })

  test('where the browser refuses to copy, the button that does has the focus and nothing else is claimed', async () => {
    // Whatever is not granted is denied.
    const strict = await site.open(browser, { permissions: ['notifications'] })
    const other = await strict.newPage()
    await other.clock.install()
    await other.goto('/')
    await other.locator('[data-tile]').first().waitFor()
    await dropFiles(other, [await picture(8)])
    const copy = trayOf(other).getByRole('button', { name: 'Copy link' })
    await copy.waitFor()
    await expect.poll(() => copy.evaluate((button) => button === document.activeElement)).toBe(true)
    expect(await other.getByText('Link copied').count()).toBe(0)
    await other.clock.runFor(6_500)
    await trayOf(other).getByRole('button', { name: 'Show more' }).waitFor()
    expect(await copy.count()).toBe(0)
    await strict.close()
  })
})
