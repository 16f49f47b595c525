import { afterAll, beforeAll, expect, test } from 'vitest'
import { newAdministrator } from '../testing/new-administrator.ts'
import { startTestApp, type TestApp, type TestUser } from '../testing/start-test-app.ts'

let app: TestApp
let admin: TestUser
beforeAll(async () => {
  app = await startTestApp({ REGISTRATION: 'invite' })
  admin = await newAdministrator(app)
})
afterAll(() => app.stop())

const password = 'correct horse battery'
const register = (username: string, invite?: string, on = app) =>
  on.client().accounts.register({ body: { username, password, ...(invite !== undefined && { invite }) } })
const invite = (body: Parameters<TestUser['client']['invites']['create']>[0]['body'] = {}) =>
  admin.client.invites.create({ body })
const usedOf = async (id: string) => (await admin.client.invites.list()).items.find((one) => one.id === id)?.used

test('whoever has no invite is told that one is needed', () =>
  expect(register('alice')).rejects.toMatchObject({
    code: 'registration_closed',
    status: 403,
    message: expect.stringContaining('invite'),
  }))

test('an invite is shown once, and makes one account unless it says more', async () => {
  const { code, ...shown } = await invite({ note: 'for Alice' })
  expect(shown).toMatchObject({ note: 'for Alice', uses: 1, used: 0 })
  const { items } = await admin.client.invites.list()
  expect(items).toContainEqual(shown)
  expect(JSON.stringify(items)).not.toContain(code)
  await expect(register('alice', ` ${code} `)).resolves.toMatchObject({ username: 'alice' })
  await expect(register('bob', code)).rejects.toMatchObject({ code: 'invite_invalid', status: 403 })
  expect(await usedOf(shown.id)).toBe(1)
  const { items: deeds } = await admin.client.audit.list({ query: { action: 'account.register' } })
  expect(deeds).toMatchObject([{ username: 'alice', details: { invite: shown.id } }])
})

test('of sixteen who register at once by an invite of five, exactly five get in', async () => {
  const { code, id } = await invite({ uses: 5 })
  const outcomes = await Promise.allSettled(Array.from({ length: 16 }, (_, n) => register(`crowd-${n}`, code)))
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(5)
  for (const outcome of outcomes) {
    if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'invite_invalid' })
  }
  expect(await usedOf(id)).toBe(5)
})

test('who fails does not use it up, also where one name is asked for many times at once', async () => {
  const { code, id } = await invite({ uses: 16 })
  await expect(register('x', code)).rejects.toMatchObject({ code: 'validation' })
  await expect(register('crowd-name', 'no such code')).rejects.toMatchObject({ code: 'invite_invalid' })
  const outcomes = await Promise.allSettled(Array.from({ length: 16 }, () => register('one-name', code)))
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  expect(await usedOf(id)).toBe(1)
})

test('without a good invite nobody learns which names there are', async () => {
  await expect(register('alice', 'no such code')).rejects.toMatchObject({ code: 'invite_invalid' })
  await expect(register('nobody-yet', 'no such code')).rejects.toMatchObject({ code: 'invite_invalid' })
})

test('an invite ends when it was said to, and when it is taken back', async () => {
  const now = Math.floor(app.now() / 1000)
  await expect(invite({ expires_at: now })).rejects.toMatchObject({
    code: 'validation',
    details: { field: 'body.expires_at' },
  })
  const ending = await invite({ expires_at: now + 60, uses: 2 })
  const revoked = await invite()
  await expect(register('in-time', ending.code)).resolves.toBeDefined()
  app.pass(60)
  await expect(register('too-late', ending.code)).rejects.toMatchObject({ code: 'invite_invalid' })
  await admin.client.invites.delete({ params: { invite: revoked.id } })
  await expect(register('revoked', revoked.code)).rejects.toMatchObject({ code: 'invite_invalid' })
  await expect(admin.client.invites.delete({ params: { invite: revoked.id } })).rejects.toMatchObject({
    code: 'not_found',
  })
})

test('they are listed newest first, page by page', async () => {
  for (let n = 0; n < 5; n++) {
    app.pass(1)
    await invite({ note: `page ${n}` })
  }
  const notes: (string | undefined)[] = []
  let cursor: string | undefined
  do {
    const page = await admin.client.invites.list({ query: { limit: 2, ...(cursor && { cursor }) } })
    notes.push(...page.items.map(({ note }) => note))
    cursor = page.next_cursor
  } while (cursor)
  expect(notes.slice(0, 5)).toEqual([4, 3, 2, 1, 0].map((n) => `page ${n}`))
  expect(notes.length).toBe((await admin.client.invites.list()).items.length)
})

test('where everybody may register, an invite is not used up; where nobody may, it does not help', async () => {
  const { code, id } = await invite()
  await admin.client.settings.update({ body: { settings: { registration: 'open' } } })
  await register('open-door', code)
  expect(await usedOf(id)).toBe(0)
  await admin.client.settings.update({ body: { settings: { registration: 'closed' } } })
  await expect(register('closed-door', code)).rejects.toMatchObject({ code: 'registration_closed' })
  await admin.client.settings.update({ body: { settings: { registration: null } } })
})
