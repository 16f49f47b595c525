import { formats } from '@imagehost/contract/formats'
import { writeEntry } from '../archive/write-archive.ts'
import type { Stores } from '../operation.ts'
import type { Orphan } from './orphans.ts'

/** `uploads/{uid}/{id}/{filename}`; of the trash with a word that nobody knows in between. */
const served =
  /^uploads\/(?<uid>u_[A-Za-z0-9_-]+)\/(?<id>img_[A-Za-z0-9_-]+)\/(?<hidden>[A-Za-z0-9]{16}\/)?(?<filename>[^/]+)$/

/**
 * Makes a record of an object whose record is lost: private, whatever it was, since nobody knows that any more; inspected when it is
 * looked at for the first time. What lay in the trash lies there anew. Its owner gets an account without a password, for which the operator sets one. False for what is
 * no image of anybody.
 */
export async function rebuildRecord({ metadata }: Stores, { key, modifiedAt }: Orphan, now: number): Promise<boolean> {
  const { uid, id, hidden, filename } = served.exec(key)?.groups ?? {}
  if (uid === undefined || id === undefined || filename === undefined) return false
  if (!(await metadata.accounts.find(uid))) {
    const username = `lost-${uid.slice(2)}`.toLowerCase()
    const account = { uid, username, createdAt: modifiedAt }
    await writeEntry(metadata, { noun: 'account', entry: { account, nameKey: username, tokens: [] } })
  }
  const { mime = 'application/octet-stream' } =
    Object.values(formats).find(({ extension }) => filename.endsWith(`.${extension}`)) ?? {}
  const image = {
    id,
    ownerUid: uid,
    key,
    filename,
    mime,
    createdAt: modifiedAt,
    views: 0,
    visibility: 'private' as const,
  }
  const trashed = hidden === undefined ? {} : { trashedAt: now }
  return (await writeEntry(metadata, { noun: 'image', entry: { ...image, ...trashed } })) === 'written'
}
