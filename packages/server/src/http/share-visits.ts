import { AppError } from '@imagehost/contract/errors'
import type { shareRoutes } from '@imagehost/contract/shares'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { isFree, type OpenedShare, type ShareOpenings } from '../services/share-openings.ts'
import type { Origins } from './base-url.ts'
import { cookieIn } from './browser.ts'
import { toAppError } from './errors.ts'
import { acceptForms, isForm } from './form-body.ts'
import { type MountDependencies, mount } from './mount.ts'
import { acceptsPage, sendFailure } from './pages/failure.ts'
import { sendPage } from './pages/page.ts'
import { sharedImagePage, sharedQuestionPage } from './pages/share.ts'
import { parseGrant, presentOpenedShare, printGrant } from './present/share.ts'

/** Sent to the pages of one share only, so that its name need not tell them apart. */
const cookieName = 'share'
/** Of a password; as long as the contract lets it be. */
const maxPasswordLength = 1024

/**
 * `/s/{slug}`: a GET never counts a view, whoever or whatever makes it. Who opened the link keeps the grant in a cookie of
 * this very address, so that going back or loading anew counts nothing either.
 */
export function shareVisits(
  app: FastifyInstance,
  routes: Pick<typeof shareRoutes, 'look' | 'open'>,
  deps: MountDependencies,
  openings: ShareOpenings,
): void {
  app.register(async (scope) => {
    acceptForms(scope)
    mount(scope, routes, deps, {
      look: ({ params: { slug } }, context) =>
        answeredByPage(slug, context, async () => {
          const resumed = await openings.resume(slug, grantIn(context.request))
          if (resumed) return sendShared(resumed, context)
          const shared = await openings.find(slug)
          if (isFree(shared.share)) return sendShared(openings.grantTo(shared), context)
          return sendPage(context.reply, 200, sharedQuestionPage(shared.share))
        }),
      open: async ({ params: { slug } }, context) => {
        const { request, reply, origins } = context
        const { password, grant = grantIn(request) } = wordsOf(request.body)
        const open = () => openings.open(slug, { password, grant, address: request.ip })
        if (!wantsPage(request)) return reply.type('application/json').send(presentOpenedShare(await open(), origins))
        return answeredByPage(slug, context, async () => sendShared(await open(), context))
      },
    })
  })

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

function sendShared(opened: OpenedShare, { reply, origins }: Visit): FastifyReply {
  const { share, grant } = opened
  if (!isFree(share)) {
    const secure = origins.page.startsWith('https:') ? '; Secure' : ''
    const attributes = `Path=/s/${share.slug}; HttpOnly; SameSite=Lax; Expires=${new Date(grant.exp * 1000).toUTCString()}`
    reply.header('set-cookie', `${cookieName}=${printGrant(grant)}; ${attributes}${secure}`)
  }
  return sendPage(reply, 200, sharedImagePage(opened, origins))
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
  return { password: read('password'), ...(grant !== undefined && { grant: parseGrant(grant) }) }
}

/** A form of ours, or somebody in a browser who sends nothing. */
const wantsPage = (request: FastifyRequest): boolean =>
  isForm(request) || (request.headers['content-type'] === undefined && acceptsPage(request))
