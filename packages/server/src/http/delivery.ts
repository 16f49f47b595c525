import { defaultSignSeconds, deliveryRoutes } from '@imagehost/contract/delivery'
import { AppError } from '@imagehost/contract/errors'
import { printTransform } from '@imagehost/contract/transforms'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { unixSeconds } from '../ports/clock.ts'
import type { ImageRecord } from '../ports/images.ts'
import { type Caller, isShareable } from '../services/access.ts'
import type { Delivery } from '../services/delivery.ts'
import { type AskedVariant, isNothing, type Transforms } from '../services/transforms.ts'
import { createAskedVariants, transformOf } from './asked-variant.ts'
import { createContentAddress } from './content-origin.ts'
import { createSend, type DeliveryMode } from './elsewhere.ts'
import { createImageHeaders, type Disposition, narrowed } from './image-headers.ts'
import { type MountDependencies, mount } from './mount.ts'
import { addressOf } from './present/image.ts'
import { obeyLimit } from './rate-limit.ts'
import { embeddableHeaders } from './security-headers.ts'
import { sendBytes } from './send-bytes.ts'

export interface DeliveryDependencies extends MountDependencies {
  delivery: Delivery
  transforms: Transforms
  deliveryMode: DeliveryMode
  /** Whether there is somebody who tells shared caches to let go. */
  hasPurge: boolean
}

interface Context {
  caller: Caller | undefined
  request: FastifyRequest
  reply: FastifyReply
  baseUrl: string
}

export function deliveryHttp(app: FastifyInstance, deps: DeliveryDependencies): void {
  const { delivery, transforms, clock, rateLimits } = deps
  const embeddable = embeddableHeaders(deps.publicUrl)
  const headersOf = createImageHeaders(embeddable, deps.hasPurge)
  const send = createSend(deps.deliveryMode, embeddable)
  // An address of the storage would outlive the share.
  const { deliveryMode } = deps
  const sendShared = createSend(deliveryMode.kind === 'redirect' ? { kind: 'stream' } : deliveryMode, embeddable)
  const contentAddress = createContentAddress(deps.contentUrl)
  const askedVariant = createAskedVariants()

  /** True if that was the answer. */
  function sendToContent(image: ImageRecord, { request, reply }: Context): boolean {
    const location = isShareable(image) ? contentAddress(request) : undefined
    if (location === undefined) return false
    sendBytes(reply, 308, { ...embeddable, location, 'cache-control': 'no-store', 'content-length': 0 })
    return true
  }

  function sendOriginal(image: ImageRecord, disposition: Disposition, context: Context) {
    if (sendToContent(image, context)) return
    return send(image, headersOf(image, disposition), exchangeOf(context), () => delivery.countView(image.id))
  }

  function sendVariant(variant: ImageRecord, asked: AskedVariant, disposition: Disposition, context: Context) {
    // A thumbnail in a list is no view; the whole image behind a signature is.
    const onSend = isNothing(asked.transform) ? () => delivery.countView(variant.id) : () => {}
    const known = headersOf(variant, disposition)
    if (asked.share) {
      return sendShared(variant, { ...known, 'cache-control': 'private, no-store' }, exchangeOf(context), onSend)
    }
    if (sendToContent(variant, context)) return
    const forSeconds = asked.signature && asked.signature.exp - unixSeconds(clock)
    const fitting = asked.isPreset ? known : narrowed(known, forSeconds)
    const headers = asked.transform.format === 'auto' ? { ...fitting, vary: 'Accept' } : fitting
    return send(variant, headers, exchangeOf(context), onSend)
  }

  function answerVariant(id: string, asked: AskedVariant, disposition: Disposition, context: Context) {
    const { caller, request, reply } = context
    const admit = () => obeyLimit('transform', rateLimits, { request, reply })
    const asking = { caller, accept: request.headers.accept, admit }
    const answer = (variant: ImageRecord) => {
      const sent = sendVariant(variant, asked, disposition, context)
      return sent instanceof Promise ? sent.catch(anew) : sent
    }
    // Gone from the storage after it was looked up here: it was old, or too many were there.
    const anew = async (error: unknown) => {
      const isLost = error instanceof AppError && error.code === 'not_found' && !isNothing(asked.transform)
      if (!isLost) throw error
      await sendVariant(await transforms.findAnew(id, asked, asking), asked, disposition, context)
    }
    const variant = transforms.find(id, asked, asking)
    return variant instanceof Promise ? variant.then(answer) : answer(variant)
  }

  const exchangeOf = ({ request, reply, baseUrl }: Context) => ({ delivery, request, reply, baseUrl })

  mount(app, deliveryRoutes, deps, {
    bytes: ({ params, query }, context) => {
      const disposition = query.download === undefined ? 'inline' : 'attachment'
      const id = params.file.split('.', 1)[0]!
      const asked = askedVariant(query, context.request.url)
      if (asked) return answerVariant(id, asked, disposition, context)
      const image = delivery.find(context.caller, id)
      const answer = (found: ImageRecord) => sendOriginal(found, disposition, context)
      return image instanceof Promise ? image.then(answer) : answer(image)
    },
    sign: async ({ params, body }, { caller, origins }) => {
      const transform = transformOf(body, 'body')
      const { image, signature } = await transforms.sign(
        caller,
        params.id,
        transform,
        body.expires_in ?? defaultSignSeconds,
      )
      const { sig, exp } = signature
      const query = [printTransform(transform), `exp=${exp}`, `sig=${sig}`].filter(Boolean).join('&')
      return { url: `${addressOf(image, origins.content)}?${query}`, expires_at: exp }
    },
  })
}
