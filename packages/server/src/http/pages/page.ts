import { hash } from 'node:crypto'
import type { FastifyReply } from 'fastify'
import { escapeHtml } from '../escape-html.ts'
import { style } from './style.ts'

/** A page that stands alone: no script, no picture but those of its text, nothing from anywhere else. */
export interface Page {
  title: string
  /** HTML; whatever came from outside is escaped by `escapeHtml`. */
  body: string
  /** Whether a picture takes all of its width. */
  isWide?: boolean
  /** The origin of pictures, if not that of the page. */
  picturesFrom?: string
  /** Whether search engines may have it; false unless given. */
  isIndexed?: boolean
  /** HTML of its head, for programs that look at it. */
  head?: string
}

/** Only the style of these pages, by its hash; forms go to where they came from. */
const policy = (picturesFrom = ''): string =>
  [
    "default-src 'none'",
    `style-src 'sha256-${hash('sha256', style, 'base64')}'`,
    `img-src 'self' ${picturesFrom}`.trim(),
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ')

export function sendPage(reply: FastifyReply, status: number, page: Page): FastifyReply {
  const { title, body, isWide, picturesFrom, isIndexed, head = '' } = page
  return reply
    .code(status)
    .headers({
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': policy(picturesFrom),
      'cache-control': 'private, no-store',
      ...(!isIndexed && { 'x-robots-tag': 'noindex' }),
    })
    .send(`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>${escapeHtml(title)}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="/icon.svg" type="image/svg+xml">
${isIndexed ? '' : '<meta name="robots" content="noindex">'}
${head}
<style>${style}</style>
</head>
<body>
<main${isWide ? ' class="wide"' : ''}>
${body}
</main>
</body>
</html>
`)
}
