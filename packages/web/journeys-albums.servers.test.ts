import { readFile } from 'node:fs/promises'
import { createClient } from '@imagehost/client'
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { pictures } from '../server/src/testing/pictures.ts'
import { type ServerProcess, startServerProcess } from '../server/src/testing/start-server-process.ts'
import { engines, envOn } from './testing/engines.ts'
import { expectAccessible } from './testing/expect-accessible.ts'
import { launchBrowser } from './testing/launch-browser.ts'
import { faultsOf } from './testing/page-faults.ts'
import { phoneScreen } from './testing/phone-screen.ts'

/** What may be done with an album by its owner anna, by bob whom she lets in, and by guests without an account. */
const password = 'long enough for a test'

const browser = await launchBrowser()
afterAll(() => browser.close())

describe.each(engines)('on %s', (engine) => {
  let server: ServerProcess
  let context: BrowserContext
  let page: Page
  let faults: string[]
  let anna: ReturnType<typeof createClient>
  let album: string
  const ids: string[] = []
  beforeAll(async () => {
    server = await startServerProcess(await envOn(engine, 10))
    const visitor = createClient({ baseUrl: server.url, retries: 0 })
    const { api_key: apiKey } = await visitor.accounts.register({ body: { username: 'anna', password } })
    await visitor.accounts.register({ body: { username: 'bob', password } })
    anna = createClient({ baseUrl: server.url, retries: 0, apiKey })
    for (const [seed, name] of ['boat', 'castle', 'dune'].entries()) {
      const bytes = await pictures.png({ seed: seed + 1, width: 300, height: 200 })
      const headers = { 'x-api-key': apiKey, 'content-type': 'image/png' }
      const url = `${server.url}/api/v1/upload?filename=${name}.png`
      const answer = await fetch(url, { method: 'POST', headers, body: new Uint8Array(bytes) })
      ids.push(((await answer.json()) as { id: string }).id)
    }
    album = (await anna.albums.create({ body: { name: 'Lisbon' } })).id
    await anna.albums.change({ params: { album }, body: { add: ids } })
    context = await browser.newContext({
      // It would answer in the place of the network, which fails here on purpose.
      serviceWorkers: 'block',
      baseURL: server.url,
      viewport: { width: 1440, height: 900 },
      permissions: ['clipboard-read', 'clipboard-write'],
    })
    await signIn(context, 'anna')
    page = await context.newPage()
    faults = faultsOf(page)
    await page.goto(`/albums/${album}`)
  })
  afterEach(() => expect(faults.splice(0)).toEqual([]))
  afterAll(async () => {
    await context.close()
    await server.stop()
  })

  const signIn = (who: BrowserContext, username: string) =>
    who.request.post('/api/v1/session', { data: { username, password }, headers: { origin: server.url } })
  const choose = async (item: string, name = 'Lisbon') => {
    await page.getByRole('button', { name: `What to do with ${name}` }).click()
    await page.getByRole('menuitem', { name: item }).click()
  }
  const order = async () => (await anna.albums.images({ params: { album } })).items.map(({ id }) => id)
  const [boat, castle, dune] = [0, 1, 2].map((n) => () => ids[n]!)

  test('pictures are brought into another order by keys, by presses and by dragging; one becomes the cover, and one goes out', async () => {
    await page.getByRole('button', { name: 'What to do with Lisbon' }).focus()
    await page.keyboard.press('Enter')
    await page.locator('[role=menuitem]:focus').waitFor()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: '3: dune.png' }).focus()
    await page.keyboard.press('Enter')
    await page.keyboard.press('ArrowLeft')
    await page.keyboard.press('ArrowLeft')
    await page.getByText('Place 1 of 3').waitFor()
    await page.keyboard.press('ArrowRight')
    await page.getByText('Place 2 of 3').waitFor()
    await page.keyboard.press('ArrowLeft')
    await page.getByText('Place 1 of 3').waitFor()
    await expect.poll(order).toEqual([dune!(), boat!(), castle!()])
    await expectAccessible(page)
    await page.getByRole('button', { name: 'Make it the cover' }).click()
    await page.getByText('Cover', { exact: true }).waitFor()
    await expect.poll(async () => (await anna.albums.get({ params: { album } })).cover_id).toBe(dune!())
    await page.getByRole('button', { name: '1: dune.png' }).click()
    await page.getByRole('button', { name: '3: castle.png' }).click()
    await page.getByRole('button', { name: '2: boat.png' }).click()
    await expect.poll(order).toEqual([dune!(), castle!(), boat!()])
    await page.getByRole('button', { name: '1: dune.png' }).dragTo(page.getByRole('button', { name: '2: castle.png' }))
    await expect.poll(order).toEqual([castle!(), dune!(), boat!()])
    await page.getByRole('button', { name: '2: dune.png' }).click()
    await page.getByRole('button', { name: '1: castle.png' }).click()
    await expect.poll(order).toEqual([dune!(), castle!(), boat!()])
    await page.getByRole('button', { name: '3: boat.png' }).click()
    await page.getByRole('button', { name: 'Take it out' }).click()
    await expect.poll(order).toEqual([dune!(), castle!()])
    await page.getByRole('button', { name: 'Done' }).click()
    await page.getByText('2 pictures').waitFor()
  })

  test('an album gets another name and a description, and its link opens to whom it may', async () => {
    await choose('Name and description')
    await page.getByRole('textbox', { name: 'Name' }).fill('Lisboa')
    await page.getByRole('textbox', { name: 'Description' }).fill('Three days in May')
    await expectAccessible(page)
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('heading', { name: 'Lisboa' }).waitFor()
    await page.getByText('Three days in May').waitFor()
    await page.getByRole('button', { name: 'Share' }).click()
    const dialog = page.getByRole('dialog', { name: 'Lisboa' })
    const link = await dialog.getByLabel('Link', { exact: true }).first().inputValue()
    const status = async () => (await fetch(link)).status
    expect(await status()).toBe(404)
    await dialog.getByText('Link', { exact: true }).nth(1).click()
    await dialog.getByText('Anyone with the link sees').waitFor()
    await expect.poll(status).toBe(200)
    await dialog.getByRole('button', { name: 'New limited link' }).click()
    await dialog.getByLabel('Name').fill('Carol')
    await dialog.getByRole('button', { name: 'Create and copy' }).click()
    const limited = await dialog.getByLabel('Carol', { exact: true }).inputValue()
    expect(await (await fetch(limited)).text()).toContain('Lisboa')
    await expectAccessible(page)
    await page.keyboard.press('Escape')
  })

  test('bob is let in, finds the album under those of others, and may no more when he is removed', async () => {
    const bob = await browser.newContext({ baseURL: server.url })
    await signIn(bob, 'bob')
    const other = await bob.newPage()
    await choose('People', 'Lisboa')
    await page.getByLabel('User name').fill('bob')
    await page.getByLabel('May', { exact: true }).selectOption('add pictures')
    await page.getByRole('button', { name: 'Let in' }).click()
    const role = page.getByLabel('What bob may do')
    await expect.poll(() => role.inputValue()).toBe('add')
    await role.selectOption('look')
    await expect.poll(async () => (await anna.grants.list({ params: { album } })).items[0]?.role).toBe('view')
    await expectAccessible(page)
    await other.goto('/albums')
    await other.getByRole('heading', { name: 'Of others' }).waitFor()
    await other.getByRole('link', { name: /Lisboa/ }).click()
    await other.getByRole('heading', { name: 'Lisboa' }).waitFor()
    expect(await other.getByRole('button', { name: 'Share' }).count()).toBe(0)
    await page.getByRole('button', { name: 'Remove bob' }).click()
    await page.getByText('Nobody else yet.').waitFor()
    await page.keyboard.press('Escape')
    await other.goto('/albums')
    await other.getByText('No albums yet.').waitFor()
    expect(await other.getByRole('heading', { name: 'Of others' }).count()).toBe(0)
    await bob.close()
  })

  test('a guest drops two pictures by a link that was changed, without script; one is let in, the other deleted', async () => {
    await choose('Drop links', 'Lisboa')
    await page.getByRole('button', { name: 'New drop link' }).click()
    await page.getByLabel('Name').fill('Guests')
    await page.getByLabel('Files').fill('5')
    await page.getByLabel('Room for all, such as 2 GB').fill('lots')
    await page.getByRole('checkbox', { name: 'Password' }).check()
    await page.getByLabel('Password to give along').fill('tulip')
    await page.getByLabel('Wait until I let them in').check()
    await page.getByRole('button', { name: 'Create and copy' }).click()
    await page.getByText("'lots' is no amount.").waitFor()
    await page.getByLabel('Room for all, such as 2 GB').fill('10 MB')
    await expectAccessible(page)
    await page.getByRole('button', { name: 'Create and copy' }).click()
    const link = await page.getByLabel('Guests', { exact: true }).inputValue()
    await page.getByText(/^0 of 5 files · 0 B of 10 MB · ends in 7 days · password · waits for you$/).waitFor()
    await choose('Change', 'Guests')
    const form = page.getByRole('dialog', { name: 'Change Guests' })
    await form.getByLabel('Files').fill('')
    await form.getByRole('button', { name: 'Another password' }).click()
    await form.getByLabel('Password to give along').fill('rose')
    await expectAccessible(page)
    await form.getByRole('button', { name: 'Save' }).click()
    await expect.poll(() => form.getByLabel('Its password. Shown only now.').inputValue()).toBe('rose')
    await form.getByRole('button', { name: 'Close' }).first().click()
    await page.getByText(/^0 files · 0 B of 10 MB · ends in 7 days · password · waits for you$/).waitFor()
    await page.keyboard.press('Escape')

    const guest = await (await browser.newContext({ javaScriptEnabled: false })).newPage()
    await guest.goto(link)
    await guest.getByLabel('Password').fill('rose')
    const bytes = await Promise.all([5, 6].map((seed) => pictures.png({ seed: seed * 7, width: 200, height: 200 })))
    await guest
      .getByLabel('Pictures')
      .setInputFiles(bytes.map((buffer, n) => ({ name: `guest-${n}.png`, mimeType: 'image/png', buffer })))
    await guest.getByRole('button', { name: 'Upload' }).click()
    await guest.getByRole('heading', { name: '2 uploaded' }).waitFor()
    await guest.context().close()

    await page.reload()
    const waiting = page.getByRole('region', { name: '2 from guests, waiting for you' })
    await waiting.waitFor()
    await expectAccessible(page)
    await waiting.getByRole('button', { name: 'Let in: guest-1.png' }).click()
    await page.getByText('3 pictures').waitFor()
    await page.getByRole('button', { name: 'Delete: guest-0.png' }).click()
    await page.getByText('Delete 1 for good?').waitFor()
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
    await page.getByRole('region', { name: /waiting for you/ }).waitFor({ state: 'detached' })
    expect((await anna.albums.images({ params: { album } })).items.at(-1)).toMatchObject({
      original_filename: 'guest-1.png',
      visibility: 'unlisted',
    })
  })

  test('an album comes as a zip, and is deleted with its links while its pictures stay', async () => {
    const [zip] = await Promise.all([page.waitForEvent('download'), choose('Download as zip', 'Lisboa')])
    expect((await readFile(await zip.path())).subarray(0, 2).toString()).toBe('PK')
    await choose('Delete album', 'Lisboa')
    await page.getByText('its 3 pictures stay under Photos').waitFor()
    await page.getByRole('dialog').getByRole('button', { name: 'Delete album' }).click()
    await page.getByText('No albums yet.').waitFor()
    expect((await anna.images.list()).items).toHaveLength(4)
  })

  test('what is in the trash says how long it stays, comes back by one press, and goes for good after a question', async () => {
    await Promise.all([castle!(), boat!()].map((id) => anna.trash.put({ params: { id } })))
    await page.getByRole('link', { name: 'Trash' }).click()
    await expect.poll(() => page.getByText('Deleted now · gone in 30 days').count()).toBe(2)
    await expectAccessible(page)
    await page.getByRole('button', { name: 'Restore: castle.png' }).click()
    await page.getByText('castle.png').waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Empty trash' }).click()
    await page.getByText('Delete 1 picture for good?').waitFor()
    await page.getByRole('dialog').getByRole('button', { name: 'Empty trash' }).click()
    await page.getByText('Empty.').waitFor()
    expect((await anna.images.list()).items.map(({ id }) => id)).toEqual(expect.not.arrayContaining([boat!()]))
  })

  // What follows is the same wherever things are kept.
  if (engine !== 'embedded') return

  test('several pictures are shared together, as an album', async () => {
    await page.getByRole('link', { name: 'Photos' }).click()
    await page.locator('[data-tile]').first().focus()
    await page.keyboard.press('x')
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('x')
    await page.getByText(/^2 selected/).waitFor()
    await page.keyboard.press('s')
    const choice = page.getByRole('dialog', { name: 'Add to album' })
    await choice.getByText('Several pictures are shared together').waitFor()
    await choice.getByLabel('Name of a new album').fill('Porto')
    await choice.getByRole('button', { name: 'Create' }).click()
    const dialog = page.getByRole('dialog', { name: 'Porto' })
    await dialog.getByText('Only you and whom you let in see it.').waitFor()
    expect(await dialog.getByLabel('Link', { exact: true }).first().inputValue()).toContain('/a/')
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
  })

  test('a part of the page that does not come says so, and comes when it is tried again', async () => {
    await page.route('**/assets/shared-*.js', (route) => route.abort())
    await page.getByRole('link', { name: 'Shared' }).click()
    await page.getByRole('alert').getByText("Couldn't reach the server.").waitFor()
    await page.unroute('**/assets/shared-*.js')
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByText('No limited links.').waitFor()
    faults.splice(0)
  })

  test('whoever is signed out elsewhere is asked in again as soon as the page needs to know', async () => {
    await context.request.delete('/api/v1/session', { headers: { origin: server.url } })
    await page.getByRole('link', { name: 'Albums' }).click()
    await page.getByRole('heading', { name: 'Drop a picture. Get a link.' }).waitFor()
  })

  test('on a phone, in the dark, albums fit and are read by everybody', async () => {
    const { id } = await anna.albums.create({ body: { name: 'A-very-long-name-without-any-space-in-it'.repeat(3) } })
    await anna.albums.change({ params: { album: id }, body: { add: [ids[2]!, ids[1]!] } })
    const phone = await browser.newContext({
      baseURL: server.url,
      ...phoneScreen,
      colorScheme: 'dark',
    })
    await signIn(phone, 'anna')
    const small = await phone.newPage()
    await small.goto('/albums')
    await small.getByRole('link', { name: /A-very/ }).click()
    await small.getByRole('heading', { name: /A-very/ }).waitFor()
    await expectAccessible(small)
    await small.getByRole('button', { name: /^What to do with A-very/ }).click()
    await small.getByRole('menuitem', { name: 'People' }).click()
    // No keyboard stands before it until somebody wants to write.
    const people = small.getByRole('dialog', { name: 'People' })
    expect(await people.evaluate((dialog) => dialog === document.activeElement)).toBe(true)
    await expectAccessible(small)
    await small.keyboard.press('Escape')
    await small.getByRole('button', { name: /^What to do with A-very/ }).click()
    await small.getByRole('menuitem', { name: 'Arrange' }).click()
    await small.getByRole('button', { name: '2: castle.png' }).click()
    await expectAccessible(small)
    await phone.close()
  })
})
