import assert from 'node:assert/strict'
import type { ImagePosition } from './images.ts'
import type { Law } from './law.ts'
import type { MetadataStore } from './metadata-store.ts'
import { atOnce, countOf } from './parallel.ts'
import type { Report, Reports } from './reports.ts'

export const reportsLaw: Law<MetadataStore> = {
  'a report is found and listed as it was given': async ({ reports }) => {
    const full = report(1, {
      sourceSha256: 'ab'.repeat(32),
      message: 'Schön {"x"} /\n',
      email: 'a@b.example',
      reason: 'privacy',
    })
    assert.equal(await reports.create(full, terms), true)
    assert.deepEqual(await reports.find(full.id), full)
    assert.deepEqual(await reports.list({ status: 'open', limit: 5 }), { items: [full] })
    assert.deepEqual(await reports.list({ status: 'resolved', limit: 5 }), { items: [] })
    assert.equal(await reports.find('r_none'), undefined)
  },
  'of many reports of one image by one network at once exactly one is stored': async ({ reports }) => {
    const outcomes = await atOnce((n) => reports.create(report(n, { network: 'one' }), terms))
    assert.equal(countOf(outcomes, true), 1)
    assert.equal(await reports.countOpen('img_1'), 1)
    assert.equal(await reports.create(report(20, { network: 'one', imageId: 'img_2' }), terms), true)
    assert.equal(await reports.create(report(21, { network: 'two' }), terms), true)
  },
  'many reports of one image at once are never more than may be open': async ({ reports }) => {
    const outcomes = await atOnce((n) => reports.create(report(n), { maxOpen: 5 }))
    assert.equal(countOf(outcomes, true), 5)
    assert.equal(await reports.countOpen('img_1'), 5)
    assert.equal((await walk(reports, 'open', 9)).length, 5)
  },
  'resolving ends all open ones of that image and no other, and its networks may report it again': async ({
    reports,
  }) => {
    for (const n of [1, 2]) await reports.create(report(n), terms)
    await reports.create(report(3, { imageId: 'img_2' }), terms)
    assert.equal(await reports.resolve({ imageId: 'img_1' }, { outcome: 'dismiss', at: 1_100, by: 'u_admin' }), 2)
    const ended = { outcome: 'dismiss', resolvedAt: 1_100, resolvedBy: 'u_admin' } as const
    assert.deepEqual(await walk(reports, 'resolved', 9), [report(2, ended), report(1, ended)])
    assert.deepEqual(await walk(reports, 'open', 9), [report(3, { imageId: 'img_2' })])
    assert.equal(await reports.countOpen('img_1'), 0)
    assert.equal(await reports.resolve({ imageId: 'img_1' }, { outcome: 'gone', at: 1_200 }), 0)
    assert.deepEqual(await reports.find('r_1'), report(1, ended))
    assert.equal(await reports.create(report(4, { network: report(1).network }), terms), true)
  },
  'of many who resolve at once each open report is counted once': async ({ reports }) => {
    for (const n of [1, 2, 3]) await reports.create(report(n), terms)
    const counts = await atOnce(() => reports.resolve({ imageId: 'img_1' }, { outcome: 'hide', at: 1_100, by: 'u_a' }))
    assert.deepEqual(counts.toSorted((a, b) => b - a).slice(0, 2), [3, 0])
  },
  'the report that is named is resolved anew, open or not': async ({ reports }) => {
    for (const n of [1, 2]) await reports.create(report(n), terms)
    assert.equal(
      await reports.resolve({ imageId: 'img_1', reportId: 'r_1' }, { outcome: 'hide', at: 1_100, by: 'u_a' }),
      2,
    )
    assert.equal(
      await reports.resolve({ imageId: 'img_1', reportId: 'r_1' }, { outcome: 'restore', at: 1_200, by: 'u_b' }),
      0,
    )
    assert.deepEqual(await reports.find('r_1'), report(1, { outcome: 'restore', resolvedAt: 1_200, resolvedBy: 'u_b' }))
    assert.equal((await reports.find('r_2'))?.outcome, 'hide')
    assert.equal((await walk(reports, 'resolved', 9)).length, 2)
    await reports.resolve({ imageId: 'img_1', reportId: 'r_none' }, { outcome: 'hide', at: 1_300 })
    assert.equal(await reports.find('r_none'), undefined)
  },
  'lists are newest first in pages that meet without gap or overlap, also where times are equal': async ({
    reports,
  }) => {
    const all = Array.from({ length: 7 }, (_, n) => report(n, { createdAt: 1_000 + (n % 2) }))
    for (const one of all) await reports.create(one, terms)
    const order = all.toSorted((a, b) => b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1)).map(({ id }) => id)
    const ids = async (status: 'open' | 'resolved', limit: number) =>
      (await walk(reports, status, limit)).map(({ id }) => id)
    for (const limit of [1, 3, 7, 100]) assert.deepEqual(await ids('open', limit), order)
    await reports.resolve({ imageId: 'img_1' }, { outcome: 'delete', at: 1_100 })
    for (const limit of [1, 3, 7, 100]) assert.deepEqual(await ids('resolved', limit), order)
  },
  'a notice is due from its time until it is taken, put off or given up': async ({ reports }) => {
    const due = async (now: number) => (await reports.listNotices({ now, limit: 9 })).map(({ id }) => id)
    await reports.create(report(1), { ...terms, noticeDueAt: 1_020 })
    await reports.create(report(2), { ...terms, noticeDueAt: 1_010 })
    await reports.create(report(3), { ...terms, noticeDueAt: 1_030 })
    await reports.create(report(4), terms)
    assert.deepEqual(await due(1_009), [])
    assert.deepEqual(await due(1_020), ['r_2', 'r_1'])
    assert.deepEqual(
      (await reports.listNotices({ now: 1_030, limit: 1 })).map(({ id }) => id),
      ['r_2'],
    )
    await reports.deferNotice('r_2', 1_100)
    await reports.deferNotice('r_2', 1_200)
    await reports.resolve({ imageId: 'img_1' }, { outcome: 'dismiss', at: 1_050 })
    await reports.endNotice('r_1', 1_060)
    await reports.endNotice('r_3')
    assert.deepEqual(await due(1_199), [])
    assert.deepEqual(await due(1_200), ['r_2'])
    assert.deepEqual((await reports.find('r_2'))?.failedNotices, 2)
    assert.deepEqual((await reports.find('r_1'))?.notifiedAt, 1_060)
    assert.equal((await reports.find('r_3'))?.notifiedAt, undefined)
    await reports.deferNotice('r_3', 1_070)
    await reports.endNotice('r_none', 1_070)
    assert.deepEqual(await due(5_000), ['r_2'])
    assert.equal(await reports.find('r_none'), undefined)
  },
  'what is resolved and old goes, the rest stays': async ({ reports }) => {
    for (const n of [1, 2, 3]) {
      await reports.create(report(n, { createdAt: 1_000 + n, imageId: `img_${n}` }), { ...terms, noticeDueAt: 1_010 })
    }
    for (const n of [1, 3]) await reports.resolve({ imageId: `img_${n}` }, { outcome: 'dismiss', at: 1_100 })
    await reports.trim(1_003)
    assert.equal(await reports.find('r_1'), undefined)
    assert.equal((await reports.listNotices({ now: 2_000, limit: 9 })).length, 2)
    assert.deepEqual(
      (await walk(reports, 'open', 9)).map(({ id }) => id),
      ['r_2'],
    )
    assert.deepEqual(
      (await walk(reports, 'resolved', 9)).map(({ id }) => id),
      ['r_3'],
    )
  },
}

const terms = { maxOpen: 100 }

const report = (n: number, more: Partial<Report> = {}): Report => ({
  id: `r_${n}`,
  imageId: 'img_1',
  network: `192.0.2.${n}`,
  reason: 'spam',
  createdAt: 1_000,
  ...more,
})

/** The reports of all pages; bounded, so that an endless list fails instead of hanging. */
async function walk(reports: Reports, status: 'open' | 'resolved', limit: number): Promise<Report[]> {
  const all: Report[] = []
  let after: ImagePosition | undefined
  for (let pages = 0; pages < 50; pages++) {
    const { items, next } = await reports.list(after ? { status, limit, after } : { status, limit })
    all.push(...items)
    after = next
    if (!after) return all
  }
  assert.fail('the list does not end')
}
