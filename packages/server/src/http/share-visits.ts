import { AppError } from '@imagehost/contract/errors'
import type { shareRoutes } from '@imagehost/contract/shares'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type AlbumImages, walkAlbum } from '../services/album-images.ts'
import { isFree, type OpenedShare, requireDownload, type ShareOpenings } from '../services/share-openings.ts'
import type { Signature } from '../services/transform-signing.ts'
import type { Origins } from './base-url.ts'
import { cookieIn } from './browser.ts'
import { toAppError } from './errors.ts'
import { acceptForms, isForm } from './form-body.ts'
import { sendImagesZip } from './images-zip.ts'
import { type MountDependencies, mount } from './mount.ts'
import { acceptsPage, sendFailure } from './pages/failure.ts'
import { sendPage } from './pages/page.ts'
import { sharedAlbumPage, sharedImagePage, sharedQuestionPage } from './pages/share.ts'
import { parseGrant, presentOpenedShare, printGrant } from './present/share.ts'

/** Sent to the pages of one share only, so that its name need not tell them apart. */
const cookieName = 'share'
/** Of a password; as long as the contract lets it be. */
const maxPasswordLength = 1024
/** Of an album, at once. */
const pageSize = 100

/**
 * `/s/{slug}`: a GET never counts a view, whoever or whatever makes it. Who opened the link keeps the grant in a cookie of
 * this very address, so that going back or loading anew counts nothing either.
 */
export function shareVisits(
  app: FastifyInstance,
  routes: Pick<typeof shareRoutes, 'look' | 'open' | 'zip'>,
  deps: MountDependencies,
  { openings, contents }: { openings: ShareOpenings; contents: Pick<AlbumImages, 'open'> },
): void {
  app.register(async (scope) => {
    acceptForms(scope)
    mount(scope, routes, deps, {
      look: ({ params: { slug }, query }, context) =>
        answeredByPage(slug, context, async () => {
          const { request, reply } = context
          const resumed = await openings.resume(slug, grantIn(request))
          if (resumed) return sendShared(resumed, query, context)
          const shared = await openings.find(slug)
          if (!isFree(shared.share)) return sendPage(reply, 200, sharedQuestionPage(shared.share))
          if (isPerson(request)) await openings.countLook(shared.share)
          return sendShared(openings.grantTo(shared), query, context)
        }),
      open: async ({ params: { slug } }, context) => {
        const { request, reply, origins } = context
        const { password, grant = grantIn(request), cursor } = wordsOf(request.body)
        const open = () => openings.open(slug, { password, grant, address: request.ip })
        if (wantsPage(request)) return answeredByPage(slug, context, async () => sendShared(await open(), {}, context))
        const opened = await open()
        const page = await openings.page(opened, { limit: pageSize, cursor })
        return reply.type('application/json').send(presentOpenedShare(opened, page, origins))
      },
      zip: async ({ params: { slug }, query: { sig = '', exp = 0 } }, { reply }) => {
        const { share, album } = await resumeAlbum(slug, { sig, exp })
        requireDownload(share)
        const images = walkAlbum(async (request) => {
          const { items, nextCursor } = await openings.page(await resumeAlbum(slug, { sig, exp }), request)
          return { items: items.map(({ image }) => image), ...(nextCursor !== undefined && { nextCursor }) }
        })
        return sendImagesZip(reply, album.name, images, contents)
      },
    })
  })

  /** Throws `not_found` unless somebody has opened an album by it a moment ago. */
  async function resumeAlbum(slug: string, grant: Signature) {
    const opened = await openings.resume(slug, grant)
    if (!opened?.album) throw new AppError('not_found')
    return opened
  }

  async function sendShared(opened: OpenedShare, { image, cursor }: Looking, { reply, origins }: Visit) {
    keepGrant(opened, reply, origins)
    if (!opened.album)
      return sendPage(reply, 200, sharedImagePage(await openings.image(opened, opened.image.id), origins))
    if (image !== undefined) return sendPage(reply, 200, sharedImagePage(await openings.image(opened, image), origins))
    const page = await openings.page(opened, { limit: pageSize, cursor })
    return sendPage(reply, 200, sharedAlbumPage(opened, page, origins))
  }

  /** Whoever sees a page is told in a page what is wrong, and asked again where that helps. */
  async function answeredByPage(slug: string, { reply }: Visit, answer: () => Promise<FastifyReply>) {
    try {
      return await answer()
    } catch (error) {
      const known = toAppError(error)
      if (known.status >= 500) throw error
      const again = asksAgain.has(known.code) ? await openings.find(slug).catch(() => undefined) : undefined
      return sendFailure(reply, known, again && sharedQuestionPage(again.share, known))
    }
  }
}

interface Visit {
  request: FastifyRequest
  reply: FastifyReply
  origins: Origins
}

const asksAgain: ReadonlySet<AppError['code']> = new Set<AppError['code']>([
  'password_needed',
  'password_wrong',
  'rate_limited',
])

/** Which part of an album. */
interface Looking {
  image?: string | undefined
  cursor?: string | undefined
}

function keepGrant({ share, grant }: OpenedShare, reply: FastifyReply, origins: Origins): void {
  const secure = origins.page.startsWith('https:') ? '; Secure' : ''
  const attributes = `Path=/s/${share.slug}; HttpOnly; SameSite=Lax; Expires=${new Date(grant.exp * 1000).toUTCString()}`
  reply.header('set-cookie', `${cookieName}=${printGrant(grant)}; ${attributes}${secure}`)
}

const grantIn = (request: FastifyRequest) => parseGrant(cookieIn(request, cookieName))

/** Throws `validation`. */
function wordsOf(body: unknown) {
  const words = (body ?? {}) as Record<string, unknown>
  const read = (name: string): string | undefined => {
    const value = typeof words === 'object' ? words[name] : words
    if (value === undefined || (typeof value === 'string' && value.length <= maxPasswordLength)) return value
    const message = `${name}: a text of at most ${maxPasswordLength} characters.`
    throw new AppError('validation', { message, details: { field: `body.${name}` } })
  }
  const grant = read('grant')
  return {
    password: read('password'),
    cursor: read('cursor'),
    ...(grant !== undefined && { grant: parseGrant(grant) }),
  }
}

/** A form of ours, or somebody in a browser who sends nothing. */
const wantsPage = (request: FastifyRequest): boolean =>
  isForm(request) || (request.headers['content-type'] === undefined && acceptsPage(request))

/** A browser that shows the page to somebody: not a program that previews the link, nor one that fetches it ahead. */
function isPerson({ method, headers }: FastifyRequest): boolean {
  if (method !== 'GET' || headers['sec-purpose'] !== undefined) return false
  // Browsers tell it over HTTPS and on localhost only.
  const destination = headers['sec-fetch-dest']
  return destination === undefined ? /\btext\/html\b/.test(headers.accept ?? '') : destination === 'document'
}
