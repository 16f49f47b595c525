import type { Config } from './config.ts'
import type { BlobStore } from './ports/blob-store.ts'
import type { Clock } from './ports/clock.ts'
import type { MetadataStore } from './ports/metadata-store.ts'
import { readSigningKeys } from './secrets.ts'
import { createAlbumAccess } from './services/album-access.ts'
import { createAlbumImages } from './services/album-images.ts'
import { createAlbumIntake } from './services/album-intake.ts'
import { createAlbums } from './services/albums.ts'
import { createDrops } from './services/drops.ts'
import { createGrants } from './services/grants.ts'
import type { ImageReader } from './services/image-reader.ts'
import { createLinkPasswords } from './services/link-passwords.ts'
import type { Passwords } from './services/passwords.ts'
import { createShareGrants } from './services/share-grants.ts'
import { createShareOpenings } from './services/share-openings.ts'
import { createShares } from './services/shares.ts'

/** Config → the services of albums and of links: what is in albums, who else may see it, by which links others put images in or see one. */
export function createSharing(deps: {
  config: Config
  metadata: MetadataStore
  passwords: Passwords
  blobs: Pick<BlobStore, 'open'>
  reader: ImageReader
  clock: Clock
  isStoragePublic: () => boolean
}) {
  const { config, metadata, passwords, blobs, reader, clock, isStoragePublic } = deps
  const { albumImages, limiter } = metadata
  const access = createAlbumAccess({ ...metadata, clock })
  const albums = createAlbums({ ...metadata, access, clock, maxAlbums: config.MAX_ALBUMS })
  const contents = createAlbumImages({ ...metadata, reader, blobs, access, clock, maxImages: config.MAX_ALBUM_IMAGES })
  const linkPasswords = createLinkPasswords({ passwords, limiter, clock, limit: config.RATE_LOGIN_NAME })
  const shareGrants = createShareGrants({ ...readSigningKeys(config, 'shares'), clock })
  const shareOpenings = createShareOpenings({
    ...metadata,
    reader,
    contents,
    access,
    linkPasswords,
    grants: shareGrants,
    clock,
  })
  return {
    albumAccess: access,
    albums,
    contents,
    grants: createGrants({ ...metadata, albums, access, clock }),
    drops: createDrops({ drops: metadata.drops, albums, linkPasswords, clock, isStoragePublic }),
    intake: createAlbumIntake({ ...metadata, albums, contents, albumImages, clock }),
    linkPasswords,
    shareOpenings,
    shares: createShares({ ...shareOpenings, shares: metadata.shares, reader, albums, linkPasswords, clock }),
  }
}
