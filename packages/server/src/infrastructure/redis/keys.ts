/**
 * Every key. Those of the Flask project have no braces; ours put such a key in braces, so that both hash to one slot and a
 * script may touch them together, also on a Cluster: all of one image, and all of one account's collection.
 */
export const createKeys = (prefix: string) => ({
  /** string: the uid that took this name. Flask's. */
  name: (nameKey: string) => `${prefix}username:${nameKey}`,
  /** zset in lexical order: the name by which an account is listed, NUL, its uid. */
  accounts: `${prefix}imagehost:accounts`,
  /** hash: whether there was an account, the nonce of the setup, who is becoming administrator, and whether it ended. */
  setup: `${prefix}imagehost:setup`,
  /** hash: what an administrator has set, as JSON by name. */
  settings: `${prefix}imagehost:settings`,
  /** hash: invites by id, and beside it their order by time; see `createRedisInvites`. */
  invites: `${prefix}imagehost:invites`,
  /** zset in lexical order: time, space, id. */
  inviteOrder: `{${prefix}imagehost:invites}:order`,
  /** hash: the account. Flask's, with fields of ours. */
  account: (uid: string) => `${prefix}user:${uid}`,
  /** hash: id → the account's API key as JSON, `@`id → when it was last used, `!`id → when it was confirmed. */
  tokens: (uid: string) => `{${prefix}user:${uid}}:tokens`,
  /** string: `uid id` of the API key with this hash. */
  token: (hash: string) => `${prefix}token:${hash}`,

  /** hash: the image. Flask's, with fields of ours. */
  image: (id: string) => `${prefix}img:${id}`,
  /** hash: the image while its upload is not complete. */
  draft: (id: string) => `{${prefix}img:${id}}:draft`,
  /** hash: the image while it is in the trash. */
  trashed: (id: string) => `{${prefix}img:${id}}:trashed`,
  /** hash: the image while its bytes are being deleted. */
  deleting: (id: string) => `{${prefix}img:${id}}:deleting`,

  /** set: ids of albums that the image is in; behind a `~`, of those that hold it. */
  albumsOf: (id: string) => `{${prefix}img:${id}}:albums`,

  /** hash: the album. */
  album: (id: string) => `${prefix}alb:${id}`,
  /** hash: the album while it is being deleted. */
  albumDeleting: (id: string) => `{${prefix}alb:${id}}:deleting`,
  /** zset: image ids by their places. */
  places: (id: string) => `{${prefix}alb:${id}}:places`,
  /** hash: image id → time and visibility of an image that waits for the owner. */
  held: (id: string) => `{${prefix}alb:${id}}:held`,
  /** hash: uid → time and role. */
  grants: (id: string) => `{${prefix}alb:${id}}:grants`,
  /** zset: slugs of drop links by creation. */
  drops: (id: string) => `{${prefix}alb:${id}}:drops`,
  /** hash: the drop link, and `@`ticket → bytes of a file that may not come in yet. */
  drop: (slug: string) => `${prefix}drop:${slug}`,

  /** zset: slugs of the shares of the image by creation. */
  shares: (id: string) => `{${prefix}img:${id}}:shares`,
  /** The same of the album. */
  albumShares: (id: string) => `{${prefix}alb:${id}}:shares`,
  /** hash: the share as JSON, how often it was opened, and when last. */
  share: (slug: string) => `${prefix}share:${slug}`,

  /** hash: name → variant of the image; see variants.ts. */
  variants: (id: string) => `{${prefix}img:${id}}:variants`,

  /** zset: image ids by creation. Flask's. */
  listed: (uid: string) => `${prefix}user:${uid}:images`,
  /** hash: draft id → `bytes expiresAt` reserved for it. */
  reserved: (uid: string) => `{${prefix}user:${uid}:images}:reserved`,
  /** string: bytes of the listed images. */
  bytes: (uid: string) => `{${prefix}user:${uid}:images}:bytes`,
  /** zset in lexical order: start of the hash of the received bytes, then the image id. */
  sources: (uid: string) => `{${prefix}user:${uid}:images}:sources`,

  /** zset: image ids by when they were taken. */
  dates: (uid: string) => `{${prefix}user:${uid}:images}:dates`,
  /** zset in lexical order: kind and value of a tag or a word, then time and id of the image; see `termMember`. */
  terms: (uid: string) => `{${prefix}user:${uid}:images}:terms`,
  /** zset: album ids by creation. */
  albums: (uid: string) => `{${prefix}user:${uid}:images}:albums`,
  /** zset: ids of albums of others by when they were granted. */
  shared: (uid: string) => `{${prefix}user:${uid}:images}:shared`,
  /** zset: slugs of shares by creation. */
  sharesOf: (uid: string) => `{${prefix}user:${uid}:images}:shares`,
  /** zset: ids of images in the trash by when they came there. */
  trash: (uid: string) => `{${prefix}user:${uid}:images}:trash`,

  /** zset: ids of unfinished uploads by expiry. */
  uploads: `${prefix}imagehost:uploads`,
  /** hash: id → `uid key` of those. */
  uploadBytes: `{${prefix}imagehost:uploads}:bytes`,
  /** zset: ids of unfinished deletions by their begin. */
  deletions: `${prefix}imagehost:deletions`,
  /** zset: ids of unfinished deletions of albums by their begin. */
  albumDeletions: `${prefix}imagehost:album-deletions`,
  /** zset: ids of images whose bytes are on their way into the trash or out of it, by since when. */
  moves: `${prefix}imagehost:moves`,
  /** zset: ids of images in the trash, by since when. */
  inTrash: `${prefix}imagehost:trash`,
  /** zset: ids of images that expire, by when. */
  expiries: `${prefix}imagehost:expiries`,
  /** zset: uids of accounts that are deleted, by when, until all that they owned is gone. */
  departures: `${prefix}imagehost:departures`,
  /** zset: `id name` of variants that are being made, by their begin. */
  makes: `${prefix}imagehost:makes`,
  /** zset: ids of images with variants, by when one of these may be unused since. */
  variantAges: `${prefix}imagehost:variants`,
  /** hash: holder and end of a lock. */
  lock: (name: string) => `${prefix}imagehost:lock:${name}`,
  /** hash: an answer kept for repetitions. */
  answer: (name: string) => `${prefix}imagehost:answer:${name}`,
  /** string: Unix microseconds at which this allowance is whole again. */
  rate: (name: string) => `${prefix}imagehost:rate:${name}`,
  /** hash: SHA-256 → what is refused, as JSON. */
  blocked: `{${prefix}imagehost:blocked}`,
  /** zset: the hashes by time, see timeline.ts. */
  blockedOrder: `{${prefix}imagehost:blocked}:order`,
  /** hash: report id → the report as JSON. */
  reports: `{${prefix}imagehost:reports}`,
  /** zset: report ids by time, see timeline.ts. */
  reportOrder: (status: 'open' | 'resolved') => `{${prefix}imagehost:reports}:${status}`,
  /** hash: network → id of its open report of this image. */
  reportsOf: (imageId: string) => `{${prefix}imagehost:reports}:of:${imageId}`,
  /** zset: ids of reports whose notice waits, by when it is due. */
  reportNotices: `{${prefix}imagehost:reports}:notices`,
  /** stream: what was done, by second. */
  audit: `${prefix}imagehost:audit`,
  /** string: the version of this layout. */
  schema: `${prefix}imagehost:schema`,
})

export type Keys = ReturnType<typeof createKeys>

/** An id with a brace would move keys of one image to different slots; none was ever made with one. */
export const isPlainId = (id: string): boolean => !/[{}]/.test(id)
