import type { ImageRecord } from '../../ports/images.ts'
import { left, type OpenDrop } from '../../services/drop-uploads.ts'
import type { Origins } from '../base-url.ts'
import { escapeHtml } from '../escape-html.ts'
import { tilesOf } from './album.ts'
import { printBytes, printDay } from './facts.ts'
import { gridOf } from './grid.ts'
import type { Page } from './page.ts'

interface DropPage {
  open: OpenDrop
  /** Largest file. */
  maxBytes: number
  /** What is in the album, where the link shows it to everybody. */
  images: readonly ImageRecord[]
  origins: Origins
  picturesFrom: string
}

/** Where people without an account put pictures in. The password comes before the files, so that none is received in vain. */
export function dropPage({ open, maxBytes, images, origins, picturesFrom }: DropPage): Page {
  const { drop, album } = open
  const title = `Add to ${album.name}`
  const files = left(drop.maxFiles, drop.files)
  const facts = [
    `Up to ${printBytes(maxBytes)} each`,
    ...(Number.isFinite(files) ? [`${files} more`] : []),
    ...(drop.expiresAt === undefined ? [] : [`until ${printDay(drop.expiresAt)}`]),
    ...(drop.holds ? ['seen by others once they are let in'] : []),
  ]
  const password = `<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="off" maxlength="1024" required>`
  return {
    title,
    body: `<section class="form">
<h1>${escapeHtml(title)}</h1>
<p class="muted">${facts.join(' · ')}.</p>
<form method="post" action="/d/${escapeHtml(drop.slug)}/upload" enctype="multipart/form-data">
${drop.passwordHash === undefined ? '' : password}
<label for="file">Pictures</label>
<input id="file" name="file" type="file" accept="image/*" multiple required>
<button>Upload</button>
</form>
</section>
${images.length > 0 ? gridOf(tilesOf(images, origins)) : ''}`,
    isWide: true,
    picturesFrom,
  }
}

interface Outcome {
  items: readonly unknown[]
  errors: readonly { filename: string; error: { message: string } }[]
}

/** What became of the files of a form. */
export function droppedPage(slug: string, { items, errors }: Outcome): Page {
  const title = `${items.length} uploaded${errors.length > 0 ? `, ${errors.length} refused` : ''}`
  const refused = errors.map(
    ({ filename, error }) =>
      `<li>${escapeHtml(filename)}: <span class="danger">${escapeHtml(error.message)}</span></li>`,
  )
  return {
    title,
    body: `<h1>${title}</h1>
${refused.length > 0 ? `<ul>${refused.join('')}</ul>` : ''}
<p><a class="button" href="/d/${escapeHtml(slug)}">Add more</a></p>`,
  }
}
