import { hash } from 'node:crypto'
import { existsSync, globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { matchesEtag } from './etag.ts'

export interface WebDependencies {
  /** Where the built page lies; without it there is an API and no page. */
  directory: string | undefined
  /** Origins besides our own that the page sends bytes to or shows pictures of: the storage, and that of user bytes. */
  otherOrigins: readonly string[]
}

interface PageFile {
  bytes: Buffer
  type: string
  etag: string
  /** Named by what is in it, so that it never changes. */
  isImmutable: boolean
  /** By Brotli, as it was built. */
  packed: Buffer | undefined
}

/** What the page itself shows in the address bar: each of them is the same document. */
const screens = ['/', '/albums', '/albums/*', '/shared', '/trash', '/settings', '/settings/*', '/admin', '/admin/*']

/** What fetches or shows something itself: the default policy would let it do nothing. */
const underPolicy = ['/sw.js', '/offline.html']

/** The web page: some files that are read once, under a policy that lets nothing run that is not among them. */
export function webHttp(app: FastifyInstance, { directory, otherOrigins }: WebDependencies): void {
  const files = directory === undefined ? new Map<string, PageFile>() : readFiles(directory)
  const document = files.get('/index.html')
  if (!document) return
  const headers = documentHeaders(otherOrigins)
  for (const url of screens) {
    app.get(url, (request, reply) => {
      reply.headers(headers)
      return sendFile(document, request, reply)
    })
  }
  for (const [url, file] of files) {
    if (url === '/index.html') continue
    app.get(url, (request, reply) => {
      if (underPolicy.includes(url)) reply.headers(headers)
      return sendFile(file, request, reply)
    })
  }
}

const documentHeaders = (otherOrigins: readonly string[]) => {
  const others = otherOrigins.join(' ')
  return {
    'content-security-policy': [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      `img-src 'self' data: blob: ${others}`.trim(),
      `connect-src 'self' ${others}`.trim(),
      "manifest-src 'self'",
      "worker-src 'self'",
      "form-action 'self'",
      "base-uri 'none'",
      "frame-ancestors 'none'",
    ].join('; '),
  }
}

function sendFile(file: PageFile, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  reply.headers({
    etag: file.etag,
    vary: 'Accept-Encoding',
    'cache-control': file.isImmutable ? 'public, max-age=31536000, immutable' : 'no-cache',
  })
  if (matchesEtag(request.headers['if-none-match'], file.etag)) return reply.code(304).send()
  reply.type(file.type)
  if (!file.packed || !acceptsBrotli(request)) return reply.send(file.bytes)
  return reply.header('content-encoding', 'br').send(file.packed)
}

const acceptsBrotli = ({ headers }: FastifyRequest): boolean => /\bbr\b/.test(String(headers['accept-encoding'] ?? ''))

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webmanifest': 'application/manifest+json',
}

function readFiles(directory: string): Map<string, PageFile> {
  const files = new Map<string, PageFile>()
  for (const name of globSync('**/*.*', { cwd: directory })) {
    const type = types[path.extname(name)]
    if (type === undefined) continue
    const bytes = readFileSync(path.join(directory, name))
    const packed = existsSync(path.join(directory, `${name}.br`))
      ? readFileSync(path.join(directory, `${name}.br`))
      : undefined
    const url = `/${name.split(path.sep).join('/')}`
    const etag = `"${hash('sha256', bytes, 'base64url').slice(0, 22)}"`
    files.set(url, { bytes, packed, type, etag, isImmutable: url.startsWith('/assets/') })
  }
  return files
}
