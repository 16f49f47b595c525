import { readFile } from 'node:fs/promises'
import { gzipSync } from 'node:zlib'
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { decodeBase32 } from '../server/src/services/base32.ts'
import { stepAt, totpCode } from '../server/src/services/totp.ts'
import { pictures } from '../server/src/testing/pictures.ts'
import { type ServerProcess, startServerProcess } from '../server/src/testing/start-server-process.ts'
import { createDesk } from './testing/desk.ts'
import { type DroppedFile, dropFiles } from './testing/drop-files.ts'
import { engines, envOn } from './testing/engines.ts'
import { expectAccessible } from './testing/expect-accessible.ts'
import { launchBrowser } from './testing/launch-browser.ts'
import { faultsOf } from './testing/page-faults.ts'
import { readQrCode } from './testing/read-qr-code.ts'

const password = 'long enough for a test'

const browser = await launchBrowser()
afterAll(() => browser.close())

describe.each(engines)('on %s', (engine) => {
  let server: ServerProcess
  let context: BrowserContext
  let page: Page
  let faults: string[]
  beforeAll(async () => {
    server = await startServerProcess(await envOn(engine, 8))
    context = await browser.newContext({ permissions: ['clipboard-read', 'clipboard-write'], baseURL: server.url })
    page = await context.newPage()
    faults = faultsOf(page)
  })
  afterEach(() => expect(faults.splice(0)).toEqual([]))
  afterAll(async () => {
    await context.close()
    await server.stop()
  })

  const tiles = () => page.locator('[data-tile]')
  const drop = (files: DroppedFile[]) => dropFiles(page, files)

  test('a first visit loads at most 90 KB of script, packed', async () => {
    const fresh = await browser.newPage({ baseURL: server.url })
    const scripts: Promise<Buffer>[] = []
    fresh.on('response', (response) => {
      if (response.url().endsWith('.js')) scripts.push(response.body())
    })
    await fresh.goto('/')
    await fresh.getByRole('heading', { level: 1 }).waitFor()
    const packed = (await Promise.all(scripts)).reduce((sum, bytes) => sum + gzipSync(bytes).length, 0)
    expect(packed).toBeGreaterThan(1_000)
    expect(packed).toBeLessThan(90_000)
    await fresh.close()
  })

  test('a visitor makes an account, and finds an empty room', async () => {
    await page.goto('/')
    await page.getByLabel('User name').fill('anna')
    await page.getByLabel('Password').fill(password)
    await page.getByRole('button', { name: 'Create account' }).click()
    await page.getByText('Drop pictures anywhere on this page.').waitFor()
    await expectAccessible(page)
  })

  test('of three files that are dropped one is refused beside its name, and the links of the others are copied', async () => {
    await drop([
      { name: 'lake.png', type: 'image/png', bytes: await pictures.png({ seed: 1, width: 300, height: 200 }) },
      { name: 'sea.jpg', type: 'image/jpeg', bytes: await pictures.jpegWithGps({ seed: 2, width: 200, height: 300 }) },
      { name: 'notes.png', type: 'image/png', bytes: Buffer.from('these are notes') },
    ])
    const tray = page.getByRole('region', { name: 'Uploads' })
    await tray.getByText('2 uploaded, 1 refused').waitFor()
    expect(await tray.getByText("notes.png isn't a picture.").count()).toBe(1)
    expect(await tray.getByRole('button', { name: 'Retry' }).count()).toBe(0)
    await tray.getByRole('button', { name: 'Copy 2 links' }).click()
    await page.getByText('2 links copied').waitFor()
    const links = (await page.evaluate(() => navigator.clipboard.readText())).split('\n')
    expect(links).toHaveLength(2)
    await expect.poll(() => tiles().count()).toBe(2)
    await tray.getByRole('button', { name: 'Close' }).click()
    const stranger = await browser.newContext()
    const [opened] = await Promise.all(links.map((link) => stranger.request.get(link)))
    expect(opened?.headers()['content-type']).toMatch(/^image\//)
    await stranger.close()
  })

  test('a picture opens by the keyboard, gets a title, becomes private, and is found by its title', async () => {
    await tiles().first().focus()
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('ArrowLeft')
    await page.keyboard.press('Enter')
    const viewer = page.getByRole('dialog')
    await viewer.waitFor()
    await page.keyboard.press('i')
    await viewer.getByLabel('Title').fill('Am Zürichsee')
    await viewer.getByLabel('Title').press('Enter')
    await page.getByText('Saved').first().waitFor()
    const link = await viewer.getByLabel('Link', { exact: true }).first().inputValue()
    await viewer.getByText('Private').click()
    await viewer.getByText('Only you can see it.').waitFor()
    await expectAccessible(page)
    await expect.poll(async () => (await fetch(link)).status).toBe(404)
    await page.keyboard.press('Escape')
    await viewer.waitFor({ state: 'hidden' })
    await page.getByPlaceholder('Search').fill('zurich')
    await expect.poll(() => tiles().count()).toBe(1)
    await page.getByPlaceholder('Search').fill('')
    await page.getByRole('heading', { level: 2 }).first().waitFor()
    await expect.poll(() => tiles().count()).toBe(2)
  })

  test('what is deleted comes back by one press', async () => {
    // Straight from the search, whose filters go meanwhile.
    await page
      .getByRole('button', { name: /^Select / })
      .first()
      .click()
    await page.getByText('1 selected').waitFor()
    await page.getByRole('button', { name: 'Delete' }).click()
    await expect.poll(() => tiles().count()).toBe(1)
    await page.getByRole('button', { name: 'Undo' }).click()
    await expect.poll(() => tiles().count()).toBe(2)
  })

  test('a limited link with a password opens once to a stranger, and no more; one that is revoked opens nothing', async () => {
    await tiles().first().click()
    await page.keyboard.press('s')
    const dialog = page.getByRole('dialog').filter({ hasText: 'Limited links' }).last()
    await dialog.getByRole('button', { name: 'New limited link' }).click()
    await dialog.getByLabel('Name').fill('Bob')
    await dialog.getByLabel('Views').fill('1')
    await dialog.getByRole('checkbox', { name: 'Password' }).check()
    const password = await dialog.getByLabel('Password to give along').inputValue()
    expect(password).toMatch(/^[a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4}$/)
    await expectAccessible(page)
    await dialog.getByRole('button', { name: 'Create and copy' }).click()
    await page.getByText('Link copied').waitFor()
    await dialog.getByText('ends in 7 days · password · 0 of 1 view').waitFor()
    expect(await dialog.getByLabel('Its password. Shown only now.').inputValue()).toBe(password)
    const link = await page.evaluate(() => navigator.clipboard.readText())
    expect(link).toContain('/s/')
    const stranger = await (await browser.newContext()).newPage()
    await stranger.goto(link)
    await stranger.getByLabel('Password').fill('wrong')
    await stranger.getByRole('button').first().click()
    await stranger.getByLabel('Password').fill(password)
    await stranger.getByRole('button').first().click()
    await expect.poll(() => stranger.locator('img').count()).toBeGreaterThan(0)
    await stranger.context().close()
    expect((await fetch(link)).status).toBe(410)

    await dialog.getByRole('button', { name: 'New limited link' }).click()
    await dialog.getByLabel('Name').fill('Carol')
    await dialog.getByRole('button', { name: 'Create and copy' }).click()
    const menu = dialog.getByRole('button', { name: 'What to do with Carol' })
    await menu.click()
    const other = await dialog.getByLabel('Carol', { exact: true }).inputValue()
    expect((await fetch(other)).status).toBe(200)
    await page.getByRole('menuitem', { name: 'QR code' }).click()
    const code = page.getByRole('dialog', { name: 'Carol' }).getByRole('img')
    await expect.poll(() => code.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(0)
    await page.keyboard.press('Escape')
    expect(await menu.evaluate((button) => button === document.activeElement)).toBe(true)
    await menu.click()
    await page.locator('[role=menuitem]:focus').waitFor()
    await page.keyboard.press('End')
    await page.keyboard.press('Enter')
    const question = page.getByRole('dialog', { name: 'Revoke' })
    await question.getByText('This has no undo.').waitFor()
    await question.getByRole('button', { name: 'Revoke' }).click()
    await menu.waitFor({ state: 'detached' })
    expect((await fetch(other)).status).toBe(404)
    await page.keyboard.press('Escape')
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'hidden' })
  })

  test('every limited link that opens stands under Shared, and can be changed and ended there', async () => {
    await tiles().first().hover()
    await page
      .getByRole('button', { name: /^Select / })
      .first()
      .click()
    await page.getByRole('button', { name: 'Share' }).click()
    await page.getByRole('button', { name: 'New limited link' }).click()
    await page.getByLabel('Name').fill('Dora')
    await page.getByRole('button', { name: 'Create and copy' }).click()
    const link = await page.getByRole('status').getByLabel('Dora').inputValue()
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Clear selection' }).click()
    await page.getByRole('link', { name: 'Shared' }).click()
    const row = page.getByRole('row').filter({ hasText: 'Dora' })
    await row.getByText('0 views').waitFor()
    expect(await page.getByRole('row').count()).toBe(2)
    await expectAccessible(page)
    const choose = async (item: string) => {
      await row.getByRole('button', { name: /^What to do with Dora/ }).click()
      await page.getByRole('menuitem', { name: item }).click()
    }
    const form = page.getByRole('dialog', { name: /^Change Dora/ })
    await choose('Change')
    expect(await form.getByLabel('Ends').inputValue()).toBe('kept')
    await form.getByLabel('Name').fill('Dora and Eve')
    await form.getByLabel('Ends').selectOption('never')
    await form.getByLabel('Views').fill('3')
    await form.getByRole('checkbox', { name: 'Password' }).check()
    await form.getByLabel('Password to give along').fill('tulip')
    await expectAccessible(page)
    await form.getByLabel('Name').press('Enter')
    await expect.poll(() => form.getByLabel('Its password. Shown only now.').inputValue()).toBe('tulip')
    await page.keyboard.press('Escape')
    await row.getByText('does not end · password').waitFor()
    await row.getByText('0 of 3 views').waitFor()
    const asks = async () => (await (await fetch(link)).text()).includes('name="password"')
    await expect.poll(asks).toBe(true)
    await choose('Change')
    // What nobody touches stays.
    await form.getByRole('button', { name: 'Save' }).click()
    await form.waitFor({ state: 'detached' })
    expect(await asks()).toBe(true)
    await choose('Change')
    await form.getByLabel('Views').fill('')
    await form.getByRole('checkbox', { name: 'Password' }).uncheck()
    await form.getByRole('checkbox', { name: 'The original may be downloaded' }).uncheck()
    await form.getByRole('button', { name: 'Save' }).click()
    await row.getByText('does not end · no download').waitFor()
    await row.getByText('0 views').waitFor()
    await expect.poll(asks).toBe(false)
    await choose('Revoke')
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click()
    await page.getByText('No limited links. Make one from any picture.').waitFor()
    expect((await fetch(link)).status).toBe(404)
    await expectAccessible(page)
    await page.getByRole('link', { name: 'Go to photos' }).click()
  })

  test('chosen pictures become an album, and stay when it goes', async () => {
    await page
      .getByRole('button', { name: /^Select / })
      .first()
      .click({ force: true })
    await page.getByRole('button', { name: 'Album' }).click()
    const choice = page.getByRole('dialog', { name: 'Add to album' })
    await choice.getByLabel('Name of a new album').fill('Lisbon')
    await expectAccessible(page)
    await choice.getByRole('button', { name: 'Create' }).click()
    await page.getByText('1 added to Lisbon').waitFor()
    await page.getByRole('link', { name: 'Albums' }).click()
    await page.getByRole('heading', { name: 'Albums' }).waitFor()
    await expectAccessible(page)
    await page.getByRole('link', { name: /Lisbon/ }).click()
    await page.getByRole('heading', { name: 'Lisbon' }).waitFor()
    await expect.poll(() => tiles().count()).toBe(1)
    await expectAccessible(page)
    await page.getByRole('button', { name: 'What to do with Lisbon' }).click()
    await page.getByRole('menuitem', { name: 'Delete album' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Delete album' }).click()
    await page.getByText('No albums yet.').waitFor()
  })

  test('a key is made, works by curl and in the scripts for other programs, and works no more when it is revoked', async () => {
    await page.getByRole('link', { name: 'You' }).click()
    await page.getByRole('link', { name: 'API keys' }).click()
    await page.getByLabel('What it is for').fill('screenshots')
    await page.getByRole('button', { name: 'Make key' }).click()
    const made = page.getByRole('status').filter({ hasText: 'Shown only now' })
    const copy = made.getByRole('button', { name: 'Copy' }).first()
    await expect.poll(() => copy.evaluate((button) => button === document.activeElement)).toBe(true)
    await expectAccessible(page)
    const scripts: string[] = []
    for (const program of ['Flameshot', 'ksnip']) {
      const [file] = await Promise.all([
        page.waitForEvent('download'),
        made.getByRole('link', { name: program }).click(),
      ])
      scripts.push(await readFile(await file.path(), 'utf8'))
    }
    const desk = await createDesk(await pictures.png({ seed: 9 }))
    const [shot, file] = await Promise.all(scripts.map((script) => desk.run(script)))
    for (const { printed } of [shot!, file!])
      expect((await fetch(printed)).headers.get('content-type')).toBe('image/png')
    expect(shot!.copied).toBe(shot!.printed)
    await page.getByRole('button', { name: 'Revoke: screenshots' }).click()
    const refused = async () => (await desk.run(scripts[1]!)).printed
    await expect.poll(refused, { timeout: 5_000 }).toBe('')
    await desk.clear()
  })

  test('two-factor is turned on by a code, which the next login then needs', async () => {
    await page.getByRole('link', { name: 'Security' }).click()
    await page.getByRole('button', { name: 'Turn on' }).click()
    const secret = await page.getByLabel('Key', { exact: true }).inputValue()
    // Once no toast stands before it any more.
    const read = async () =>
      (await readQrCode(await page.getByRole('img', { name: 'QR code of the key' }).screenshot())) ?? ''
    await expect.poll(read, { timeout: 10_000 }).toMatch(new RegExp(`^otpauth://totp/.*secret=${secret}`))
    const code = (steps: number) => totpCode(decodeBase32(secret)!, stepAt(Date.now() / 1000) + steps)
    await page.getByLabel('One-time code').fill(code(0))
    await page.getByRole('button', { name: 'Confirm' }).click()
    await page.getByText('Two-factor is on. Each of').waitFor()
    await page.getByText('On: signing in needs').waitFor()
    const other = await browser.newPage({ baseURL: server.url })
    await other.goto('/')
    await other.getByRole('button', { name: 'I have one' }).click()
    await other.getByLabel('User name').fill('anna')
    await other.getByLabel('Password').fill(password)
    await other.getByRole('button', { name: 'Sign in' }).click()
    // The code that confirmed is used up; one that is a step ahead is taken too.
    await other.getByLabel('One-time code').fill(code(1))
    await other.getByRole('button', { name: 'Sign in' }).click()
    await other.getByRole('navigation', { name: 'Main' }).waitFor()
    await other.close()
  })

  test('on a phone nothing is wider than the screen, and the way around is at its foot', async () => {
    const phone = await browser.newContext({
      viewport: { width: 360, height: 740 },
      hasTouch: true,
      isMobile: true,
      storageState: await context.storageState(),
      baseURL: server.url,
    })
    const small = await phone.newPage()
    for (const path of ['/', '/trash', '/shared', '/settings']) {
      await small.goto(path)
      await small.getByRole('navigation', { name: 'Main' }).waitFor()
      await expect.poll(() => small.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360)
    }
    await phone.close()
  })

  test('whoever signs out is out', async () => {
    await page.goto('/settings/security')
    await page
      .getByRole('listitem')
      .filter({ hasText: 'this browser' })
      .getByRole('button', { name: 'Sign out' })
      .click()
    await page.getByRole('heading', { name: 'Drop a picture. Get a link.' }).waitFor()
    await expectAccessible(page)
  })
})
