import type { Drop as DropOnWire, Dropped, OpenDrop as OpenDropOnWire } from '@imagehost/contract/drops'
import type { Drop } from '../../ports/drops.ts'
import { visibilityOf } from '../../services/access.ts'
import { type DroppedImage, left, type OpenDrop } from '../../services/drop-uploads.ts'
import type { Origins } from '../base-url.ts'
import { addressOf } from './image.ts'

/** A drop link as the owner of its album sees it: never its password, nor the hash of it. */
export const presentDrop = (drop: Drop, origins: Origins): DropOnWire => ({
  slug: drop.slug,
  url: `${origins.page}/d/${drop.slug}`,
  album_id: drop.albumId,
  ...(drop.name !== undefined && { name: drop.name }),
  created_at: drop.createdAt,
  ...(drop.expiresAt !== undefined && { expires_at: drop.expiresAt }),
  has_password: drop.passwordHash !== undefined,
  ...(drop.maxFiles !== undefined && { max_files: drop.maxFiles }),
  ...(drop.maxBytes !== undefined && { max_bytes: drop.maxBytes }),
  shows_album: drop.showsAlbum,
  holds: drop.holds,
  visibility: drop.visibility,
  files: drop.files,
  bytes: drop.bytes,
})

/** What whoever has the link is told. */
export const presentOpenDrop = ({ drop, album }: OpenDrop, maxFileBytes: number): OpenDropOnWire => ({
  album_name: album.name,
  needs_password: drop.passwordHash !== undefined,
  shows_album: drop.showsAlbum,
  holds: drop.holds,
  ...(drop.expiresAt !== undefined && { expires_at: drop.expiresAt }),
  ...(drop.maxFiles !== undefined && { files_left: Math.max(0, left(drop.maxFiles, drop.files)) }),
  ...(drop.maxBytes !== undefined && { bytes_left: Math.max(0, left(drop.maxBytes, drop.bytes)) }),
  max_file_bytes: maxFileBytes,
})

/** What became of a file: its address only where whoever sent it may see it. */
export const presentDropped = ({ image, isHeld }: DroppedImage, origins: Origins): Dropped => ({
  filename: image.originalFilename ?? image.filename,
  mime: image.mime,
  ...(image.size !== undefined && { size: image.size }),
  held: isHeld,
  ...(visibilityOf(image) !== 'private' && { url: addressOf(image, origins.content) }),
})
