import type { SQLOutputValue } from 'node:sqlite'
import type { Claim, ClaimResult, Draft, DraftLimits, Uploads, UploadTrace } from '../../ports/uploads.ts'
import { type Columns, inserted, limited, parameters, record, selected } from './columns.ts'
import { read } from './failure.ts'
import { tagsColumn } from './image-record.ts'
import type { SqliteRoom } from './room.ts'

const columns = {
  id: 'id',
  ownerUid: 'owner_uid',
  key: 'key',
  filename: 'filename',
  originalFilename: 'original_filename',
  mime: 'mime',
  createdAt: 'created_at',
  expiresAt: 'expires_at',
  visibility: 'visibility',
  title: 'title',
  tags: 'tags',
  place: 'place',
  keepMetadata: 'keep_metadata',
  expiresInSeconds: 'expires_in',
  size: 'size',
  sha256: 'sha256',
  staged: 'staged',
} as const satisfies Columns<StoredDraft>

export function createSqliteUploads({ database, writes }: SqliteRoom): Uploads {
  const create = database.prepare(
    `INSERT INTO drafts ${inserted<StoredDraft>(columns, 'reserved_bytes', 'fence', 'claimed_at', 'lease_until')}`,
  )
  const leaveTrace = database.prepare('INSERT INTO traces (id, owner_uid, key, expires_at) VALUES (?, ?, ?, ?)')
  const finish = database.prepare('DELETE FROM traces WHERE id = ?')
  const find = database.prepare(`SELECT ${selected<StoredDraft>(columns)} FROM drafts WHERE id = ?`)
  const exists = database.prepare('SELECT deleting_since FROM images WHERE id = ?')
  const held = database.prepare('SELECT images, bytes FROM usage WHERE owner_uid = ?')
  const open = database.prepare(
    `SELECT count(*) AS drafts, coalesce(sum(reserved_bytes), 0) AS bytes
     FROM drafts WHERE owner_uid = ? AND expires_at >= ? AND id <> ?`,
  )
  const leaseOf = database.prepare('SELECT fence, lease_until, claimed_at FROM drafts WHERE id = ?')
  // A draft that somebody is working on does not expire under their hands.
  const take = database.prepare(
    `UPDATE drafts SET fence = fence + 1, claimed_at = :now, lease_until = :leaseUntil,
       expires_at = max(expires_at, CAST(:leaseUntil AS INTEGER) / 1000 + 1) WHERE id = :id`,
  )
  const renew = database.prepare(
    `UPDATE drafts SET lease_until = :leaseUntil, expires_at = max(expires_at, CAST(:leaseUntil AS INTEGER) / 1000 + 1)
     WHERE id = :id AND fence = :fence`,
  )
  const release = database.prepare('UPDATE drafts SET lease_until = 0 WHERE id = ? AND fence = ?')
  const reserve = database.prepare('UPDATE drafts SET reserved_bytes = ? WHERE id = ? AND fence = ?')
  const discard = database.prepare('DELETE FROM drafts WHERE id = ?')
  const discardClaimed = database.prepare('DELETE FROM drafts WHERE id = ? AND fence = ?')
  const expired = database.prepare(
    `SELECT traces.id, traces.owner_uid AS "ownerUid", traces.key FROM traces LEFT JOIN drafts USING (id)
     WHERE traces.expires_at < :before AND coalesce(drafts.expires_at, 0) < :before
     ORDER BY traces.expires_at, traces.id ${limited}`,
  )
  const listOpen = database.prepare('SELECT id, owner_uid AS "ownerUid", key FROM drafts WHERE owner_uid = ? LIMIT ?')

  /** What the account holds and has reserved, but for one draft. */
  function taken(ownerUid: string, now: number, except: string) {
    const images = record<{ images: number; bytes: number }>(held.get(ownerUid) ?? { images: 0, bytes: 0 })
    const drafts = record<{ drafts: number; bytes: number }>(open.get(ownerUid, now, except)!)
    return { drafts: drafts.drafts, images: images.images + drafts.drafts, bytes: images.bytes + drafts.bytes }
  }

  function createNow(draft: Draft, limits: DraftLimits, leaseUntil: number | undefined) {
    const before = taken(draft.ownerUid, draft.createdAt, draft.id)
    if (before.drafts >= limits.maxDrafts) return 'too_many_drafts'
    if (before.images >= (limits.maxImages ?? Infinity)) return 'quota_exceeded'
    if (before.bytes + limits.reserveBytes > (limits.maxBytes ?? Infinity)) return 'quota_exceeded'
    const claimed = [leaseUntil === undefined ? 0 : 1, draft.createdAt * 1000, leaseUntil ?? 0]
    create.run(...parameters<StoredDraft>(columns, storedDraft(draft)), limits.reserveBytes, ...claimed)
    leaveTrace.run(draft.id, draft.ownerUid, draft.key, draft.expiresAt)
    return 'created'
  }

  function claimNow(id: string, now: number, leaseUntil: number): ClaimResult {
    const lease = leaseOf.get(id)
    if (!lease) return exists.get(id)?.deleting_since === null ? { state: 'committed' } : { state: 'missing' }
    if (Number(lease.lease_until) > now) return { state: 'busy', leaseUntil: Number(lease.lease_until) }
    take.run({ id, now, leaseUntil })
    const draft = toDraft(find.get(id)!)
    return { state: 'claimed', draft, claim: { id, ownerUid: draft.ownerUid, fence: Number(lease.fence) + 1 } }
  }

  function reserveNow(claim: Claim, limits: Pick<DraftLimits, 'reserveBytes' | 'maxBytes'>): boolean {
    const lease = leaseOf.get(claim.id)
    if (lease?.fence !== claim.fence) return false
    const others = taken(claim.ownerUid, Math.floor(Number(lease.claimed_at) / 1000), claim.id)
    if (others.bytes + limits.reserveBytes > (limits.maxBytes ?? Infinity)) return false
    return reserve.run(limits.reserveBytes, claim.id, claim.fence).changes === 1
  }

  return {
    create: (draft, limits, leaseUntil) => writes.run(() => createNow(draft, limits, leaseUntil)),
    find: (id) =>
      read(() => {
        const row = find.get(id)
        return row && toDraft(row)
      }),
    claim: (id, { now, leaseUntil }) => writes.run(() => claimNow(id, now, leaseUntil)),
    renew: ({ id, fence }, leaseUntil) => writes.run(() => renew.run({ id, fence, leaseUntil }).changes === 1),
    async release({ id, fence }) {
      await writes.run(() => release.run(id, fence))
    },
    reserve: (claim, limits) => writes.run(() => reserveNow(claim, limits)),
    discard: ({ id }, claim) =>
      writes.run(() => {
        if (claim) return discardClaimed.run(id, claim.fence).changes === 1
        if (exists.get(id)?.deleting_since === null) return false
        discard.run(id)
        return true
      }),
    async finish({ id }) {
      await writes.run(() => finish.run(id))
    },
    listExpired: ({ before, limit }) =>
      read(() => expired.all({ before, limit }).map((row) => record<UploadTrace>(row))),
    listOpen: (ownerUid, limit) => read(() => listOpen.all(ownerUid, limit).map((row) => record<UploadTrace>(row))),
    usage: (ownerUid, now) => read(() => record(open.get(ownerUid, now, '')!)),
  }
}

function toDraft(row: Record<string, SQLOutputValue>): Draft {
  const { keepMetadata, staged, tags, place, ...draft } = record<StoredDraft>(row)
  return {
    ...draft,
    staged: Number(staged) === 1,
    ...(keepMetadata !== undefined && { keepMetadata: Number(keepMetadata) === 1 }),
    ...(tags !== undefined && { tags: JSON.parse(tags) }),
    ...(place !== undefined && { place: JSON.parse(place) }),
  }
}

const storedDraft = ({ tags, place, ...draft }: Draft): StoredDraft => ({
  ...draft,
  tags: tagsColumn(tags) ?? undefined,
  place: place && JSON.stringify(place),
})

/** SQLite has no booleans, no lists and no objects. */
type StoredDraft = Omit<Draft, 'keepMetadata' | 'staged' | 'tags' | 'place'> & {
  keepMetadata?: number | boolean
  staged: number | boolean
  tags?: string | undefined
  place?: string | undefined
}
