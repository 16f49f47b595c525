import type { SQLInputValue, SQLOutputValue } from 'node:sqlite'
import type { ImageFacts, ImageRecord } from '../../ports/images.ts'
import { type Columns, parameters, record, recordOfValues, selected } from './columns.ts'

type StoredImage = Omit<ImageRecord, 'tags'> & { tags?: string | undefined }

export const factColumns = {
  mime: 'mime',
  filename: 'filename',
  size: 'size',
  width: 'width',
  height: 'height',
  frames: 'frames',
  sha256: 'sha256',
  sourceSha256: 'source_sha256',
  thumbhash: 'thumbhash',
  color: 'color',
  takenAt: 'taken_at',
  camera: 'camera',
  refused: 'refused',
} as const satisfies Columns<ImageFacts>

export const imageColumns = {
  id: 'id',
  ownerUid: 'owner_uid',
  key: 'key',
  createdAt: 'created_at',
  views: 'views',
  visibility: 'visibility',
  originalFilename: 'original_filename',
  title: 'title',
  tags: 'tags',
  expiresAt: 'expires_at',
  hiddenAt: 'hidden_at',
  trashedAt: 'trashed_at',
  nextKey: 'next_key',
  formerKey: 'former_key',
  ...factColumns,
} as const satisfies Columns<StoredImage>

/** What is neither being deleted nor in the trash. */
export const live = 'deleting_since IS NULL AND trashed_at IS NULL'

export const selectImage = `SELECT ${selected<StoredImage>(imageColumns)} FROM images`

export const tagsColumn = (tags: readonly string[] | undefined): string | null =>
  tags && tags.length > 0 ? JSON.stringify(tags) : null

export const imageParameters = ({ tags, ...image }: ImageRecord): SQLInputValue[] =>
  parameters<StoredImage>(imageColumns, { ...image, tags: tagsColumn(tags) ?? undefined })

export const toImage = (row: Record<string, SQLOutputValue> | undefined): ImageRecord | undefined =>
  row && withTags(record<StoredImage>(row))

const toStored = recordOfValues<StoredImage>(imageColumns)

/** A row as an array: see `setReturnArrays`. */
export const toListed = (values: unknown): ImageRecord => withTags(toStored(values as SQLOutputValue[]))

/** Without a copy where there are none: of fifty images, copies were a tenth of what the page costs. */
function withTags(stored: StoredImage): ImageRecord {
  const untagged: Omit<StoredImage, 'tags'> = stored
  return stored.tags === undefined ? untagged : { ...untagged, tags: JSON.parse(stored.tags) }
}
