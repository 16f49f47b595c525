import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createSqliteStore } from '../infrastructure/sqlite/store.ts'
import { faultsOfImages } from '../testing/planted-faults/images.ts'
import { faultsOfMachinery } from '../testing/planted-faults/machinery.ts'
import { faultsOfPeople } from '../testing/planted-faults/people.ts'
import { faultsOfSharing } from '../testing/planted-faults/sharing.ts'
import { metadataLaws } from './laws.ts'
import type { MetadataStore } from './metadata-store.ts'

const faults = [...faultsOfPeople, ...faultsOfImages, ...faultsOfSharing, ...faultsOfMachinery]

let directory: string
let store: MetadataStore

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'imagehost-laws-'))
  store = await createSqliteStore({ directory })
})

afterEach(async () => {
  await store.close()
  await rm(directory, { recursive: true })
})

test.each(faults)('the law of $law notices when $mistake', async ({ law, sentence, plant }) => {
  const check = metadataLaws[law]?.[sentence]
  if (!check) throw new Error(`There is no such sentence: ${sentence}`)
  await expect(check(plant(store))).rejects.toThrow(expect.objectContaining({ code: 'ERR_ASSERTION' }))
})

test('each law has a planted fault', () => {
  expect(new Set(faults.map(({ law }) => law))).toEqual(new Set(Object.keys(metadataLaws)))
})
