import assert from 'node:assert/strict'
import type { Audit, AuditEntry, AuditRange } from './audit.ts'
import type { Law } from './law.ts'
import type { MetadataStore } from './metadata-store.ts'
import { atOnce } from './parallel.ts'

export const auditLaw: Law<MetadataStore> = {
  'an entry is listed as it was given, with a place of its own': async ({ audit }) => {
    const full = {
      at: 1_000,
      action: 'key.create',
      actor: 'u_anna',
      username: 'änna {"x"}',
      address: '2001:db8::1',
      keyId: 'k_1',
      target: 'k_2',
      details: { name: 'Töol\n', scopes: 2, sensitive: true },
    }
    await audit.append(full)
    await audit.append({ at: 1_000, action: 'login.failed' })
    const [last, first] = await audit.list({ order: 'newest first', limit: 5 })
    assert.deepEqual(withoutId(first), full)
    assert.deepEqual(withoutId(last), { at: 1_000, action: 'login.failed' })
    assert.notEqual(first?.id, last?.id)
  },
  'of many entries at once none is lost, and pages of either order meet without gap or overlap': async ({ audit }) => {
    await atOnce((n) => audit.append({ at: 1_000 + (n % 3), action: `act.${n}` }))
    const order = (await walk(audit, { order: 'oldest first', limit: 100 })).map(({ id }) => id)
    assert.equal(new Set(order).size, 16)
    for (const limit of [1, 3, 16]) {
      const ids = async (direction: AuditRange['order']) =>
        (await walk(audit, { order: direction, limit })).map(({ id }) => id)
      assert.deepEqual(await ids('oldest first'), order)
      assert.deepEqual(await ids('newest first'), order.toReversed())
    }
  },
  'an entry of a clock that is behind is the last one all the same, and times never run backwards': async ({
    audit,
  }) => {
    await audit.append({ at: 2_000, action: 'first.act' })
    await audit.append({ at: 1_500, action: 'second.act' })
    await audit.append({ at: 2_001, action: 'third.act' })
    const entries = await walk(audit, { order: 'oldest first', limit: 2 })
    assert.deepEqual(
      entries.map(({ action, at }) => [action, at]),
      [
        ['first.act', 2_000],
        ['second.act', 2_000],
        ['third.act', 2_001],
      ],
    )
  },
  'a range begins with its first second and ends before its last, in both orders': async ({ audit }) => {
    for (const at of [1_000, 1_001, 1_001, 1_002, 1_003]) await audit.append({ at, action: 'some.act' })
    const times = async (range: Omit<AuditRange, 'limit'>) =>
      (await walk(audit, { ...range, limit: 2 })).map(({ at }) => at)
    assert.deepEqual(await times({ order: 'oldest first', from: 1_001, to: 1_003 }), [1_001, 1_001, 1_002])
    assert.deepEqual(await times({ order: 'newest first', from: 1_001, to: 1_003 }), [1_002, 1_001, 1_001])
    assert.deepEqual(await times({ order: 'newest first', from: 1_003 }), [1_003])
    assert.deepEqual(await times({ order: 'oldest first', to: 1_001 }), [1_000])
    assert.deepEqual(await times({ order: 'oldest first', from: 2_000 }), [])
  },
  'a place before the range leads to its beginning': async ({ audit }) => {
    for (const at of [1_000, 1_001, 1_002]) await audit.append({ at, action: 'some.act' })
    const [first] = await audit.list({ order: 'oldest first', limit: 1 })
    const [last] = await audit.list({ order: 'newest first', limit: 1 })
    const ahead = await audit.list({ order: 'oldest first', limit: 9, after: first!.id, from: 1_002 })
    assert.deepEqual(
      ahead.map(({ at }) => at),
      [1_002],
    )
    const back = await audit.list({ order: 'newest first', limit: 9, after: last!.id, to: 1_001 })
    assert.deepEqual(
      back.map(({ at }) => at),
      [1_000],
    )
  },
  'what is old goes, the rest stays, and the next one still comes last': async ({ audit }) => {
    for (const at of [1_000, 1_001, 1_002]) await audit.append({ at, action: 'some.act' })
    await audit.trim(1_002)
    assert.deepEqual(
      (await walk(audit, { order: 'oldest first', limit: 9 })).map(({ at }) => at),
      [1_002],
    )
    await audit.trim(5_000)
    assert.deepEqual(await walk(audit, { order: 'oldest first', limit: 9 }), [])
    await audit.append({ at: 1_003, action: 'some.act' })
    assert.deepEqual(
      (await walk(audit, { order: 'oldest first', limit: 9 })).map(({ at }) => at),
      [1_003],
    )
  },
}

/** All pages of a range; bounded, so that an endless list fails instead of hanging. */
async function walk(audit: Audit, range: AuditRange): Promise<AuditEntry[]> {
  const entries: AuditEntry[] = []
  for (let pages = 0; pages < 50; pages++) {
    const last = entries.at(-1)
    const page = await audit.list(last ? { ...range, after: last.id } : range)
    entries.push(...page)
    if (page.length < range.limit) return entries
  }
  assert.fail('the log does not end')
}

function withoutId(entry: AuditEntry | undefined) {
  assert.ok(entry)
  const { id: _, ...rest } = entry
  return rest
}
