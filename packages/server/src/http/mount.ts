import type { AnswerOf, InputOf, JsonRoute, OutcomeOf, RawRoute, Route, Routes } from '@imagehost/contract'
import type { Limit } from '@imagehost/contract/limits'
import type { FastifyInstance, FastifyReply, FastifyRequest, onRequestHookHandler } from 'fastify'
import type { TSchema } from 'typebox'
import { type Clock, unixSeconds } from '../ports/clock.ts'
import { type Caller, requireConfirmed, requireScope } from '../services/access.ts'
import type { Audit, AuditNote } from '../services/audit.ts'
import type { Guests } from '../services/guests.ts'
import type { Idempotency } from '../services/idempotency.ts'
import type { Keys } from '../services/keys.ts'
import type { RateLimits } from '../services/rate-limits.ts'
import type { Sessions } from '../services/sessions.ts'
import type { Settings } from '../services/settings.ts'
import { answerSchema } from './answer-schema.ts'
import { baseUrlOf, type Origins } from './base-url.ts'
import { type Browser, createBrowser } from './browser.ts'
import { callerOf, guestOf } from './caller.ts'
import { repeatable } from './idempotency.ts'
import { sendLines, wantsLines } from './lines.ts'
import { obeyLimit } from './rate-limit.ts'
import { type AnyHandler, recorded } from './recorded.ts'
import { isMeantForThisMachine } from './this-machine.ts'
import { compileCheck } from './validation.ts'

type CallerOf<R extends Route> = R['scope'] extends 'none'
  ? undefined
  : R['scope'] extends 'optional'
    ? Caller | undefined
    : Caller

/** What a handler may know of the request besides its input. */
export type Context<R extends Route> = {
  caller: CallerOf<R>
  /** `https://host` that links in the answer begin with. */
  baseUrl: string
  /** The same, apart from what addresses of bytes begin with. */
  origins: Origins
} & (R['cookie'] extends true ? { browser: Browser } : unknown) &
  // Where it comes from, for limits besides the one of the row.
  (R['limit'] extends 'login' | 'report' | 'drop' ? { address: string } : unknown) &
  // For what the request does not tell of what is audited: who somebody turned out to be, what was made.
  (R['audited'] extends string ? { audit: (note: AuditNote) => void } : unknown) &
  (R extends { lines: string } ? { wantsLines: boolean } : unknown) &
  // Whether somebody at this machine asks, for who may be trusted with a server that nobody has used yet.
  (R['limit'] extends 'register' ? { isLocal: boolean } : unknown)

type JsonHandler<R extends JsonRoute> = (
  input: InputOf<R>,
  context: Context<R>,
) => Promise<OutcomeOf<R> | LinesOf<R>> | OutcomeOf<R>

/** Items, one for each line, for whoever wants lines. */
type LinesOf<R extends JsonRoute> = R extends { lines: string } ? AsyncIterable<object> : never

type RawHandler<R extends RawRoute> = (
  input: InputOf<R>,
  context: Context<R> & { request: FastifyRequest; reply: FastifyReply },
) => Promise<unknown> | unknown

/** One handler per row: none missing, none extra. */
export type Handlers<T extends Routes> = {
  [Name in keyof T]: T[Name] extends JsonRoute
    ? JsonHandler<T[Name]>
    : T[Name] extends RawRoute
      ? RawHandler<T[Name]>
      : never
}

export interface MountDependencies {
  keys: Keys
  sessions: Sessions
  clock: Clock
  rateLimits: RateLimits
  idempotency: Idempotency
  audit: Audit
  settings: Pick<Settings, 'requireWritable'>
  /** Where people without an account may upload. */
  guests?: Guests | undefined
  publicUrl?: string | undefined
  /** Another origin for what users uploaded. */
  contentUrl?: string | undefined
  /** Other sites whose scripts may call the API with a key. */
  corsOrigins: readonly string[]
}

/** Serves a table: scope, validation, statuses and serialisation come from its rows, the meaning from the handlers. */
export function mount<const T extends Routes>(
  app: FastifyInstance,
  routes: T,
  deps: MountDependencies,
  handlers: Handlers<T>,
): void {
  for (const [name, route] of Object.entries<Route>(routes)) {
    const handler = handlers[name] as unknown as AnyHandler
    for (const url of [route.path, ...(route.alias ? [route.alias] : [])]) mountRoute(app, url, route, handler, deps)
  }
}

declare module 'fastify' {
  interface FastifyRequest {
    caller: Caller | undefined
  }
}

function mountRoute(app: FastifyInstance, url: string, route: Route, handler: AnyHandler, deps: MountDependencies) {
  const readInput = inputReader(route)
  const handle = route.audited ? recorded(route.audited, handler, deps.audit) : handler
  app.route({
    method: route.method,
    url,
    exposeHeadRoute: route.method === 'GET',
    ...(!route.raw && { schema: { response: answerSchema(route.responses) } }),
    // Before the body is read: what a stranger sends is not worth parsing.
    onRequest: [
      ...(route.method !== 'GET' && !route.worksReadOnly ? [unlessReadOnly(deps)] : []),
      ...(route.scope !== 'none' ? [authorise(route, deps)] : []),
      ...(route.limit && deps.rateLimits.isLimited(route.limit) ? [limit(route.limit, deps)] : []),
    ],
    ...(route.repeatable && repeatable(route, deps.idempotency)),
    handler: !route.raw ? jsonHandler(route, handle, readInput, deps) : rawHandler(handle, readInput, deps),
  })
}

type ReadInput = (request: FastifyRequest) => unknown

function jsonHandler(route: JsonRoute, handle: AnyHandler, readInput: ReadInput, deps: MountDependencies) {
  const answer = jsonAnswer(route)
  return async (request: FastifyRequest, reply: FastifyReply) => {
    const baseUrl = baseUrlOf(request, deps.publicUrl)
    const context = {
      caller: request.caller,
      baseUrl,
      origins: { page: baseUrl, content: deps.contentUrl ?? baseUrl },
      request,
      address: request.ip,
      ...(route.limit === 'register' && { isLocal: isMeantForThisMachine(request) }),
    }
    const browser = route.cookie && { browser: createBrowser(request, reply, baseUrl) }
    const lines = route.lines === undefined ? undefined : { wantsLines: wantsLines(request) }
    const outcome = await handle(readInput(request), { ...context, ...browser, ...lines })
    return lines?.wantsLines ? sendLines(outcome as AsyncIterable<object>, reply) : answer(outcome, reply)
  }
}

/** Without a promise of its own: an answer from memory is out before the next event, at half the cost. */
function rawHandler(handler: AnyHandler, readInput: ReadInput, { publicUrl, contentUrl }: MountDependencies) {
  return (request: FastifyRequest, reply: FastifyReply) => {
    const baseUrl = baseUrlOf(request, publicUrl)
    const origins = { page: baseUrl, content: contentUrl ?? baseUrl }
    return handler(readInput(request), { caller: request.caller, request, reply, baseUrl, origins })
  }
}

function authorise({ scope, sensitive, guests }: Route, deps: MountDependencies): onRequestHookHandler {
  return hook((request) => {
    const baseUrl = () => baseUrlOf(request, deps.publicUrl)
    const accept = (known: Caller | undefined) => {
      const caller = known ?? (guests && guestOf(request, baseUrl, deps))
      request.caller = scope === 'optional' || scope === 'none' ? caller : requireScope(caller, scope)
      if (sensitive && request.caller) requireConfirmed(request.caller, unixSeconds(deps.clock))
    }
    const found = callerOf(request, baseUrl, deps)
    return found instanceof Promise ? found.then(accept) : accept(found)
  })
}

const unlessReadOnly = ({ settings }: MountDependencies): onRequestHookHandler => hook(() => settings.requireWritable())

const limit = (kind: Limit, { rateLimits }: MountDependencies): onRequestHookHandler =>
  hook((request, reply) => obeyLimit(kind, rateLimits, { request, reply }))

/** What refuses a request by throwing, and waits only where it has to: a promise for each would cost as much as the work. */
function hook(check: (request: FastifyRequest, reply: FastifyReply) => Promise<void> | void): onRequestHookHandler {
  return (request, reply, done) => {
    try {
      const checked = check(request, reply)
      if (checked) return void checked.then(() => done(), done)
    } catch (error) {
      return done(error as Error)
    }
    done()
  }
}

function inputReader(route: Route): (request: FastifyRequest) => unknown {
  const parts = (['params', 'query', 'body'] as const).flatMap((part) => {
    const schema: TSchema | undefined = route[part]
    return schema ? [{ part, check: compileCheck(schema, part) }] : []
  })
  return (request) => {
    const input: Record<string, unknown> = {}
    for (const { part, check } of parts) input[part] = check(request[part])
    return input
  }
}

/** The one status of the table, or the one that the handler names. */
function jsonAnswer(route: JsonRoute) {
  const statuses = Object.keys(route.responses).map(Number)
  return (outcome: unknown, reply: FastifyReply) => {
    const { status, body } =
      statuses.length === 1 ? { status: statuses[0]!, body: outcome } : (outcome as AnswerOf<JsonRoute>)
    reply.code(status)
    return body
  }
}
