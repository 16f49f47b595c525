import type { ImagePosition } from '../../ports/images.ts'
import type { NamedAccount } from '../../ports/inventory.ts'
import type { MetadataStore } from '../../ports/metadata-store.ts'
import { type ArchiveEntries, type ArchiveEntry, type Noun, nouns } from './entries.ts'

const pageSize = 200
/** Of deletions under way; more than ever are at once. */
const maxDepartures = 100_000

/**
 * All entries of a store in the order of `nouns`, page by page, each at least once. A store that others write to meanwhile is
 * met as it is at that moment: an entry may refer to what is gone by then, and whoever writes it elsewhere leaves that out.
 */
export async function* readArchive(store: MetadataStore): AsyncGenerator<ArchiveEntry> {
  for (const noun of nouns)
    for await (const entry of readers[noun](store) as AsyncIterable<never>) yield { noun, entry }
}

const readers: { [N in Noun]: (store: MetadataStore) => AsyncIterable<ArchiveEntries[N]> } = {
  async *settings({ settings }) {
    // A store that is read-only while it is copied says nothing of the copy.
    const { read_only: _, ...values } = await settings.read()
    if (Object.keys(values).length > 0) yield values
  },
  async *account({ inventory, tokens, twoFactor }) {
    for await (const named of inventory.accounts()) {
      const { uid } = named.account
      const [own, secondFactor] = await Promise.all([tokens.list(uid), twoFactor.find(uid)])
      yield { ...named, tokens: own, ...(secondFactor && { secondFactor }) }
    }
  },
  async *image({ inventory, accounts }) {
    // What belonged to a deleted account is on its way out, and must not come back by an archive.
    const departing = new Set(await accounts.listDeletions({ before: Number.MAX_SAFE_INTEGER, limit: maxDepartures }))
    for await (const image of inventory.images()) if (!departing.has(image.ownerUid)) yield image
  },
  async *album(store) {
    const { inventory, albums, albumImages, grants, drops } = store
    for await (const album of ofEach(inventory.accounts(), (uid, page) => albums.list(uid, page))) {
      const { id } = album
      const [held, granted, links] = await Promise.all([albumImages.listHeld(id), grants.list(id), drops.list(id)])
      yield { album, images: await imagesOf(store, id), held, grants: granted, drops: links }
    }
  },
  share: ({ inventory, shares }) => ofEach(inventory.accounts(), (uid, page) => shares.listOf(uid, page)),
  invite: ({ invites }) => pages((page) => invites.list(page)),
  blocked: ({ blocklist }) => pages((page) => blocklist.list(page)),
  async *report({ reports }) {
    // Resolved ones first: of one image and network one may be open at a time.
    for (const status of ['resolved', 'open'] as const) yield* pages((page) => reports.list({ status, ...page }))
  },
  async *audit({ audit }) {
    let after: string | undefined
    for (;;) {
      const found = await audit.list({ order: 'oldest first', limit: pageSize, ...(after !== undefined && { after }) })
      yield* found
      after = found.at(-1)?.id
      if (found.length < pageSize) return
    }
  },
}

type Page<T> = { items: T[]; next?: ImagePosition }
type List<T> = (page: { limit: number; after?: ImagePosition }) => Promise<Page<T>>

async function* pages<T>(list: List<T>): AsyncGenerator<T> {
  let after: ImagePosition | undefined
  do {
    const page: Page<T> = await list({ limit: pageSize, ...(after && { after }) })
    yield* page.items
    after = page.next
  } while (after)
}

async function* ofEach<T>(
  accounts: AsyncIterable<NamedAccount>,
  list: (uid: string, page: Parameters<List<T>>[0]) => Promise<Page<T>>,
): AsyncGenerator<T> {
  for await (const { account } of accounts) yield* pages((page) => list(account.uid, page))
}

async function imagesOf({ albumImages }: MetadataStore, id: string): Promise<string[]> {
  const ids: string[] = []
  let after: number | undefined
  do {
    const page = await albumImages.list(id, { limit: pageSize, ...(after !== undefined && { after }) })
    ids.push(...page.items.map((image) => image.id))
    after = page.next
  } while (after !== undefined)
  return ids
}
