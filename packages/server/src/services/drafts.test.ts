import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { withDefaults } from '@imagehost/contract/preferences'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createSqliteStore } from '../infrastructure/sqlite/store.ts'
import type { MetadataStore } from '../ports/metadata-store.ts'
import { createDrafts } from './drafts.ts'

let directory: string
let metadata: MetadataStore
beforeAll(async () => {
  directory = mkdtempSync(path.join(tmpdir(), 'drafts-'))
  metadata = await createSqliteStore({ directory })
})
afterAll(async () => {
  await metadata.close()
  rmSync(directory, { recursive: true })
})

test('a picture that grows on its way is held to the quota of its account, before that of the settings', async () => {
  const settings = {
    registration: 'open',
    read_only: false,
    default_visibility: 'unlisted',
    quota_drafts: 9,
    quota_images: 0,
  } as const
  const drafts = createDrafts({
    ...metadata,
    settings: { get: async () => ({ ...settings, quota_bytes: 50 }) },
    clock: { now: () => 1_000_000 },
    rules: { maxBytes: 1_000, presignSeconds: 3600, expiry: {}, guestQuota: {}, isStoragePublic: () => false },
  })
  await metadata.accounts.create({ uid: 'u_anna', username: 'anna', createdAt: 1 }, 'anna')
  const caller = { uid: 'u_anna', username: 'anna', scopes: [], keyId: 'k_1', preferences: withDefaults({}) }
  const draft = await drafts.make(caller, { filename: 'a.heic', mime: 'image/heic', size: 40 }, false)
  await drafts.open(caller, draft, 2_000_000)
  const claim = { id: draft.id, ownerUid: draft.ownerUid, fence: 1 }

  const refusal = (max_bytes: number) => ({ code: 'quota_exceeded', details: { max_bytes, reserved_bytes: 40 } })
  await expect(drafts.grow(draft, claim, 51)).rejects.toMatchObject(refusal(50))
  await metadata.accounts.change('u_anna', { quota: { bytes: 60 } })
  await drafts.grow(draft, claim, 51)
  await metadata.accounts.change('u_anna', { quota: { bytes: 40 } })
  await expect(drafts.grow(draft, claim, 52)).rejects.toMatchObject({ details: { max_bytes: 40, reserved_bytes: 51 } })
  await metadata.accounts.change('u_anna', { quota: { bytes: 0 } })
  await drafts.grow(draft, claim, 1_000_000)
})
