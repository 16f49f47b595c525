import type { Album as AlbumOnWire } from '@imagehost/contract/albums'
import type { Grant as GrantOnWire } from '@imagehost/contract/grants'
import type { SeenAlbum } from '../../services/albums.ts'
import type { NamedGrant } from '../../services/grants.ts'
import type { Origins } from '../base-url.ts'
import { presentImage } from './image.ts'

/** Record → wire. How much is in it, and what was chosen as cover, is for those that it belongs or is granted to. */
export function presentAlbum({ album, role, cover }: SeenAlbum, origins: Origins): AlbumOnWire {
  const { id, ownerUid, name, description, visibility, createdAt, places, coverId } = album
  return {
    id,
    owner_uid: ownerUid,
    name,
    ...(description !== undefined && { description }),
    visibility,
    created_at: createdAt,
    page_url: `${origins.page}/a/${id}`,
    ...(role && { role, image_count: places, ...(coverId !== undefined && { cover_id: coverId }) }),
    ...(cover && { cover: presentCover(cover, origins) }),
  }
}

function presentCover(image: NonNullable<SeenAlbum['cover']>, origins: Origins): NonNullable<AlbumOnWire['cover']> {
  const { id, url, thumbnail_url, width, height, thumbhash, color } = presentImage(image, origins, undefined)
  return {
    id,
    url,
    thumbnail_url,
    ...(width !== undefined && { width }),
    ...(height !== undefined && { height }),
    ...(thumbhash !== undefined && { thumbhash }),
    ...(color !== undefined && { color }),
  }
}

export const presentGrant = ({ username, role, createdAt }: NamedGrant): GrantOnWire => ({
  username,
  role,
  created_at: createdAt,
})
