import { isFoundAlike } from '../../ports/image-terms.ts'
import type { ImageRecord, Images } from '../../ports/images.ts'
import { type Collection, listedImage } from './collection.ts'
import { fieldsOfImage, imageFields, imageFieldsInLua, imageOf, oursOf, sourceStart } from './image-record.ts'
import type { Journal } from './journal.ts'
import { isPlainId } from './keys.ts'
import type { Replicas } from './replicas.ts'
import { listOf, numberOf, textOf } from './reply.ts'
import type { RedisRoom } from './room.ts'
import { run, script } from './script.ts'
import { termMembers } from './term-member.ts'

/**
 * An image and its owner's collection are in different hash slots, so what changes both is a sequence. The image itself goes
 * first: it is the truth about existence. The collection follows, and lists are read through the images. The journal holds
 * an entry from before the first step until after the last.
 */
export function createRedisImages({
  connection,
  keys,
  collection,
  journal,
  replicas,
}: RedisRoom & { collection: Collection; journal: Journal; replicas: Replicas }): Images {
  const read = async (key: string, id: string): Promise<ImageRecord | undefined> =>
    imageOf(id, await connection.send(key, ['HMGET', key, ...imageFields]))

  const find = async (id: string) => (isPlainId(id) ? read(keys.image(id), id) : undefined)

  const findAll = async (ids: readonly string[]): Promise<ImageRecord[]> =>
    (await Promise.all(ids.map(find))).filter((image) => image !== undefined)

  /** A note that does not say what the image says. That of a missing one may belong to a commit under way: it stays a day. */
  async function putRight(id: string, image: ImageRecord | undefined, noted: number, now: number): Promise<void> {
    if (image?.expiresAt !== undefined) return journal.noteExpiry(id, image.expiresAt)
    if (image || noted < now - 86_400) await journal.dropExpiry(id)
  }

  /** A change that dies here is found by its old words only, until the next one. */
  async function reindex(before: ImageRecord, after: ImageRecord): Promise<void> {
    if (isFoundAlike(before, after)) return
    await collection.enter(listedImage(after))
    const stays = new Set(termMembers(after))
    await collection.dropTerms(
      after.ownerUid,
      termMembers(before).filter((member) => !stays.has(member)),
    )
  }

  return {
    async commit(image, { fence }) {
      const { id } = image
      const all = [keys.image(id), keys.draft(id)] as const
      if (image.expiresAt !== undefined) await journal.noteExpiry(id, image.expiresAt)
      const state = numberOf(await run(connection, commit, all, [fence, ...fieldsOfImage(image, fence)]))
      if (state === 0) return false
      await collection.enlist(listedImage(image))
      await Promise.all([replicas.confirm(keys.image(id)), replicas.confirm(keys.listed(image.ownerUid))])
      if (state === committedUnstaged) await journal.endUpload(id)
      return true
    },
    find,
    async findBySource(ownerUid, sourceSha256) {
      const ids = await collection.withSource(ownerUid, sourceStart(sourceSha256))
      const images = await findAll(ids)
      return images.find((image) => image.ownerUid === ownerUid && image.sourceSha256 === sourceSha256)
    },
    async update(id, { filename = '', ...changes }) {
      const before = await find(id)
      if (!before) return undefined
      // A note too many or too early is put right when it is due, one too few would be found by nobody.
      if (changes.expiresAt) await journal.noteExpiry(id, changes.expiresAt)
      await run(connection, merge, [keys.image(id)], [id, filename, '', oursOf(changes)])
      if (changes.expiresAt === null) await journal.dropExpiry(id)
      const after = await find(id)
      if (after) await reindex(before, after)
      return after
    },
    async addFacts(id, facts) {
      if (!isPlainId(id)) return false
      const values = [id, facts.filename, facts.mime, oursOf(facts)]
      const answer = listOf(await run(connection, merge, [keys.image(id)], values))
      const ownerUid = textOf(answer[0])
      if (ownerUid === undefined) return false
      // Dying here leaves the bytes of this one image uncounted: a quota that is a little too kind, once per old record.
      const source = sourceStart(facts.sourceSha256)
      const grown = numberOf(answer[2]) - numberOf(answer[1])
      if (ownerUid && (grown !== 0 || source)) await collection.adjust(ownerUid, id, grown, source)
      const image = ownerUid ? await find(id) : undefined
      if (image) await collection.enter(listedImage(image))
      return true
    },
    async addViews(views) {
      await Promise.all(
        [...views].map(([id, more]) => isPlainId(id) && run(connection, addViews, [keys.image(id)], [more])),
      )
    },

    async beginDelete(id, now, condition) {
      if (!isPlainId(id)) return undefined
      const all = [keys.image(id), keys.draft(id), keys.deleting(id), keys.trashed(id)] as const
      // A look first, so that calls for what was never here leave nothing in the journal.
      const states = [keys.image(id), keys.trashed(id), keys.deleting(id)]
      const found = await Promise.all(states.map((key) => read(key, id)))
      if (found.every((image) => image === undefined)) return undefined
      await journal.beginDeletion(id, now)
      const image = imageOf(id, await run(connection, hide, all, [condition ? now : '']))
      if (!image) {
        await journal.endDeletion(id)
        return undefined
      }
      // Noted again, in case the sweeper found the first note before the image was hidden and dropped it.
      await Promise.all([collection.delist(listedImage(image)), journal.beginDeletion(id, now)])
      return image
    },
    async finishDelete(id) {
      if (!isPlainId(id)) return
      const image = await read(keys.deleting(id), id)
      if (image) {
        await collection.delist(listedImage(image))
        await connection.send(keys.deleting(id), ['DEL', keys.deleting(id)])
        if (image.expiresAt !== undefined) await journal.dropExpiry(id)
        if (image.trashedAt !== undefined) await journal.leaveTrash(id)
      }
      await journal.endDeletion(id)
    },
    async listDeletions(page) {
      const ids = await journal.listDeletions(page)
      const images = await Promise.all(ids.map((id) => read(keys.deleting(id), id)))
      // A crash between the note and the deletion: it was never answered, and the image lives on.
      await Promise.all(ids.map((id, at) => images[at] ?? journal.endDeletion(id)))
      return images.filter((image) => image !== undefined)
    },

    async listExpired({ before, limit }) {
      const due = await journal.listExpiries({ before, limit })
      const images = await Promise.all(due.map(({ id }) => find(id)))
      const ids: string[] = []
      for (const [at, { id }] of due.entries()) {
        const expiresAt = images[at]?.expiresAt
        if (expiresAt !== undefined && expiresAt < before) ids.push(id)
        else await putRight(id, images[at], due[at]!.at, before)
      }
      return ids
    },

    usage: collection.usage,
  }
}

/** What `commit` answers where nothing is staged, so that nothing is left to do for its upload. */
const committedUnstaged = 2

/** 0: not by this claim. 1: it is an image. 2: the same, and nothing was staged. */
const commit = script(`
local draft = redis.call('HMGET', KEYS[2], 'fence', 'staged')
if not draft[1] then
  if redis.call('HGET', KEYS[1], 'fence') == ARGV[1] then return 1 end
  return 0
end
if draft[1] ~= ARGV[1] then return 0 end
redis.call('DEL', KEYS[2])
redis.call('HSET', KEYS[1], unpack(ARGV, 2))
if draft[2] == '0' then return 2 end
return 1`)

/**
 * Merges into an image what is not empty, and takes away what is null. Answers with the owner, and the size before and
 * after; with nothing if there is no image. Where the key is the usual one,
 * it is made of the file name and not stored: a new name must not change it.
 */
const merge = script(`
if redis.call('EXISTS', KEYS[1]) == 0 then return {} end
local id, filename, mime, facts = unpack(ARGV)
local record = redis.call('HMGET', KEYS[1], 'owner_uid', 'filename', 'key', 'fence', 'ours')
if filename ~= '' and record[4] and not record[3] and record[2] ~= filename then
  redis.call('HSET', KEYS[1], 'key', 'uploads/' .. record[1] .. '/' .. id .. '/' .. record[2])
end
local ours = cjson.decode(record[5] or '{}')
local before = ours.s or 0
for name, value in pairs(cjson.decode(facts)) do
  if value == cjson.null then ours[name] = nil else ours[name] = value end
end
if filename ~= '' then redis.call('HSET', KEYS[1], 'filename', filename) end
if mime ~= '' then redis.call('HSET', KEYS[1], 'mime', mime) end
redis.call('HSET', KEYS[1], 'ours', next(ours) and cjson.encode(ours) or '{}')
return { record[1] or '', tostring(before), tostring(ours.s or 0) }`)

/** A plain HINCRBY would make a deleted image exist again, and fails where an old record holds anything but digits. */
const addViews = script(`
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
local views = redis.call('HGET', KEYS[1], 'views')
if views and (#views > 15 or not views:match('^%d+$')) then redis.call('HDEL', KEYS[1], 'views') end
return redis.call('HINCRBY', KEYS[1], 'views', ARGV[1])`)

/** With a time only what has expired by then. */
const hide = script(`
local from = redis.call('EXISTS', KEYS[1]) == 1 and KEYS[1] or redis.call('EXISTS', KEYS[4]) == 1 and KEYS[4]
if from then
  if ARGV[1] ~= '' then
    local ours = cjson.decode(redis.call('HGET', from, 'ours') or '{}')
    if not ours.x or ours.x > tonumber(ARGV[1]) then return {} end
  end
  redis.call('RENAME', from, KEYS[3])
  redis.call('DEL', KEYS[2])
end
return redis.call('HMGET', KEYS[3], ${imageFieldsInLua})`)
