import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createSqliteStore } from '../infrastructure/sqlite/store.ts'
import type { MetadataStore } from '../ports/metadata-store.ts'
import { administer } from './admin.ts'

let directory: string
let metadata: MetadataStore
beforeAll(async () => {
  directory = mkdtempSync(path.join(tmpdir(), 'server-commands-'))
  metadata = await createSqliteStore({ directory })
})
afterAll(async () => {
  await metadata.close()
  rmSync(directory, { recursive: true })
})

const run = (...args: string[]) =>
  administer({ ...metadata, audit: { record: async () => {} }, clock: { now: () => 1_000_000 } }, args)

test('what an old record holds is no command to the terminal, and no time stops the list', async () => {
  const username = 'x\u001b]0;owned\u0007\u202e'
  await metadata.accounts.create({ uid: 'u_x', username, createdAt: 8e15, disabledAt: 1 }, username)
  expect(await run('users', 'x')).toMatch(/^x\?\]0;owned\?\? +u_x +disabled +at no time +0 images, 0\.0 MiB$/)
})

test('a list that is too long for a terminal says so', async () => {
  for (let n = 0; n < 201; n++)
    await metadata.accounts.create({ uid: `u_${n}`, username: `many-${n}`, createdAt: 1 }, `many-${n}`)
  const lines = (await run('users', 'many')).split('\n')
  expect(lines).toHaveLength(201)
  expect(lines.at(-1)).toBe('There are more: say how their names begin.')
})

test('times are minutes, hours or days from now', async () => {
  for (const [text, seconds] of Object.entries({ '5m': 300, '2h': 7_200, '7d': 604_800 })) {
    expect(await run('invite', '--expires', text)).toContain(
      `until ${new Date((1_000 + seconds) * 1000).toISOString()}`,
    )
  }
})
