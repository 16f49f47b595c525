import { readFile } from 'node:fs/promises'
import { createClient } from '@imagehost/client'
import type { BrowserContext, Page, Route } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { pictures } from '../server/src/testing/pictures.ts'
import { type ServerProcess, startServerProcess } from '../server/src/testing/start-server-process.ts'
import { engines, envOn } from './testing/engines.ts'
import { expectAccessible } from './testing/expect-accessible.ts'
import { launchBrowser } from './testing/launch-browser.ts'
import { faultsOf } from './testing/page-faults.ts'
import { phoneScreen } from './testing/phone-screen.ts'

/** What administrators do, on their screens. */
const password = 'long enough for a test'

const browser = await launchBrowser()
afterAll(() => browser.close())

describe.each(engines)('on %s', (engine) => {
  let server: ServerProcess
  let context: BrowserContext
  let page: Page
  let faults: string[]
  let anna: ReturnType<typeof createClient>
  let annaKey: string
  beforeAll(async () => {
    server = await startServerProcess(await envOn(engine, 9))
    const visitor = createClient({ baseUrl: server.url, retries: 0 })
    annaKey = (await visitor.accounts.register({ body: { username: 'anna', password } })).api_key
    anna = createClient({ baseUrl: server.url, retries: 0, apiKey: annaKey })
    context = await browser.newContext({ baseURL: server.url, viewport: { width: 1440, height: 900 } })
    await signIn(context, 'anna')
    page = await context.newPage()
    faults = faultsOf(page)
  })
  afterEach(() => expect(faults.splice(0)).toEqual([]))
  afterAll(async () => {
    await context.close()
    await server.stop()
  })

  const signIn = (who: BrowserContext, username: string) =>
    who.request.post('/api/v1/session', { data: { username, password }, headers: { origin: server.url } })
  const go = (section: string) =>
    page.getByRole('navigation', { name: 'Administration' }).getByRole('link', { name: section }).click()
  const upload = async (bytes: Buffer) => {
    const headers = { 'x-api-key': annaKey, 'content-type': 'image/png' }
    return fetch(`${server.url}/api/v1/upload`, { method: 'POST', headers, body: new Uint8Array(bytes) })
  }

  test('administrator is the first account of an embedded server, and elsewhere who has the code that the server printed', async () => {
    await page.goto('/admin')
    if (engine !== 'embedded') {
      const [, code = ''] = await server.said(/"code":"([a-z2-7-]+)"/)
      await page.getByLabel('Code').fill(code)
      await page.getByRole('button', { name: 'Become administrator' }).click()
    }
    await page.getByRole('navigation', { name: 'Administration' }).waitFor()
  })

  test('registration is by invite from one press on, and the link of an invite makes an account', async () => {
    await page.goto('/settings')
    await page.getByRole('link', { name: 'Administration' }).click()
    await go('Site')
    await page.getByText('Invited', { exact: true }).click()
    await page.getByRole('status').filter({ hasText: 'Saved' }).waitFor()
    await page.getByText('Whoever has the link of an invite').waitFor()
    await expectAccessible(page)
    await go('Invites')
    await page.getByText('No invites.').waitFor()
    await page.getByLabel('Name').fill('For the club')
    await page.getByRole('button', { name: 'Make invite' }).click()
    const link = await page.getByLabel('Its link. Shown only now.').inputValue()
    await expectAccessible(page)
    const guest = await (await browser.newContext()).newPage()
    await guest.goto(link)
    await guest.getByLabel('User name').fill('bob')
    await guest.getByLabel('Password').fill(password)
    await guest.getByRole('button', { name: 'Create account' }).click()
    await guest.getByText('Drop pictures anywhere on this page.').waitFor()
    await guest.goto(`${server.url}/admin`)
    await guest.getByText('For administrators').waitFor()
    await guest.getByLabel('Code').fill('a guess')
    await guest.getByRole('button', { name: 'Become administrator' }).click()
    await guest.getByRole('alert').waitFor()
    await guest.context().close()
    await page.reload()
    await page.getByText('1 of 1 used').waitFor()
    await page.getByRole('button', { name: 'Revoke: For the club' }).click()
    await page.getByText('No invites.').waitFor()
  })

  test('an account is found, bounded, shut out, let in again and deleted', async () => {
    const bob = await browser.newContext({ baseURL: server.url })
    await signIn(bob, 'bob')
    const mayUse = async () => (await bob.request.get('/api/v1/me')).status()
    await go('Users')
    await page.getByLabel('Name begins with').fill('bo')
    await page.getByText('anna').waitFor({ state: 'detached' })
    await page.getByText('bob', { exact: true }).click()
    await page.getByLabel('Room for an account').fill('much')
    await page.getByLabel('Room for an account').press('Enter')
    await page.getByText("'much' is no amount.").waitFor()
    await page.getByLabel('Room for an account').fill('1.5 MB')
    await page.getByLabel('Room for an account').press('Enter')
    const usage = async () => (await (await bob.request.get('/api/v1/me/usage')).json()) as { max_bytes?: number }
    await expect.poll(async () => (await usage()).max_bytes).toBe(1_500_000)
    await expectAccessible(page)
    const disabled = page.getByLabel('Disabled: nobody gets in with this account')
    await disabled.check()
    await expect.poll(mayUse).toBe(401)
    await disabled.uncheck()
    await expect.poll(mayUse).toBe(200)
    // Whoever thinks better of it while the first change is still under way.
    let release = () => {}
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    const hold = async (route: Route) => {
      await held
      await route.continue()
    }
    await page.route('**/api/v1/admin/users/*', hold, { times: 1 })
    let changes = 0
    page.on('response', (answer) => {
      if (answer.request().method() === 'PATCH') changes++
    })
    await disabled.check()
    await disabled.uncheck()
    release()
    await expect.poll(() => changes).toBe(2)
    const { items } = await anna.users.list()
    expect(items.find(({ username }) => username === 'bob')?.disabled).toBe(false)
    await page.getByRole('button', { name: 'Delete account' }).click()
    const question = page.getByRole('dialog', { name: 'Delete account' })
    await question.getByText('bob goes, with 0 pictures').waitFor()
    await question.getByRole('button', { name: 'Delete account' }).click()
    await page.getByText("Nobody's name begins with 'bo'.").waitFor()
    expect(await mayUse()).toBe(401)
    await bob.close()
  })

  test('a reported picture is hidden, shown again, and in the end blocked', async () => {
    const bytes = await pictures.png({ seed: 5, width: 300, height: 200 })
    const { id } = (await (await upload(bytes)).json()) as { id: string }
    const report = () =>
      createClient({ baseUrl: server.url }).reports.create({
        params: { id },
        body: { reason: 'copyright', message: 'This is my photograph.' },
      })
    const isSeen = async () => (await fetch(`${server.url}/i/${id}`)).status
    await report()
    await go('Reports')
    const card = page.getByRole('article', { name: 'Somebody else has the rights' })
    await card.getByText('This is my photograph.').waitFor()
    await expect
      .poll(() => card.locator('img').evaluate((image: HTMLImageElement) => image.naturalWidth))
      .toBeGreaterThan(0)
    await expectAccessible(page)
    await card.getByRole('button', { name: 'Hide' }).click()
    await page.getByText('No open reports.').waitFor()
    await expect.poll(isSeen).toBe(404)
    await page.getByText('Resolved', { exact: true }).click()
    await card.getByText('Hidden').waitFor()
    await card.getByRole('button', { name: 'Show again' }).click()
    // With it all reports end that there are by then.
    await card.getByText('Shown again').waitFor()
    await expect.poll(isSeen).toBe(200)
    await report()
    await page.getByText('Open', { exact: true }).click()
    await card.getByRole('button', { name: 'Delete and block' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Delete and block' }).click()
    await page.getByText('No open reports.').waitFor()
    await expect.poll(isSeen).toBe(404)
    expect((await upload(bytes)).status).toBe(422)
    await go('Blocklist')
    await page.getByRole('button', { name: /^Unblock/ }).click()
    await page.getByText('Nothing is blocked.').waitFor()
    expect((await upload(bytes)).status).toBe(201)
    await page.getByLabel('SHA-256 of the file').fill('ab'.repeat(32))
    await page.getByLabel('Why, for administrators only').fill('Known fraud')
    await page.getByRole('button', { name: 'Block', exact: true }).click()
    await page.getByText(/Known fraud/).waitFor()
    await expectAccessible(page)
  })

  test('the audit log says what was done, and comes as a file of what the filters leave', async () => {
    await go('Audit log')
    await page.getByText('settings.update').waitFor()
    await page.getByLabel('What was done').fill('user.delete')
    await page.getByRole('button', { name: 'Show these' }).click()
    await page.getByText('settings.update').waitFor({ state: 'detached' })
    expect(await page.getByText('user.delete').count()).toBe(1)
    await expectAccessible(page)
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download as NDJSON' }).click(),
    ])
    const lines = (await readFile(await file.path(), 'utf8')).trim().split('\n')
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      expect.objectContaining({ action: 'user.delete', username: 'anna' }),
    ])
  })

  // What follows is the same wherever things are kept.
  if (engine !== 'embedded') return

  test('on a phone, in the dark, each of these screens fits and is read by everybody', async () => {
    const { items } = await anna.images.list()
    await anna.reports.create({ params: { id: items[0]!.id }, body: {} })
    const phone = await browser.newContext({
      baseURL: server.url,
      ...phoneScreen,
      colorScheme: 'dark',
    })
    await signIn(phone, 'anna')
    const small = await phone.newPage()
    await small.goto('/admin')
    for (const section of ['Users', 'Invites', 'Site', 'Reports', 'Blocklist', 'Audit log']) {
      await small.getByRole('link', { name: section }).click()
      await small.getByRole('heading', { name: section, level: 1 }).waitFor()
      await small.waitForLoadState('networkidle')
      await expectAccessible(small)
      await small.getByRole('link', { name: 'Administration' }).click()
    }
    await phone.close()
  })
})
