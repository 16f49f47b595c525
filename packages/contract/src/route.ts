import type { Static, TSchema } from 'typebox'
import type { ErrorCode } from './errors.ts'
import type { Limit } from './limits.ts'
import type { Scope } from './scopes.ts'

/**
 * One line of the API: everything that the server, the SDK, the docs and the generated tests need to know of it.
 * Errors that any route can answer (`validation`, `internal_error`, `service_error`, `overloaded`, `read_only`, and `auth` and
 * `insufficient_scope` where a scope is asked for) are not repeated in `errors`.
 */
export interface JsonRoute extends RouteHead {
  readonly raw?: never
  /** An optional one may be left out, and is then read as `{}`. */
  readonly body?: TSchema
  /** Success statuses and their bodies. */
  readonly responses: Readonly<Record<number, TSchema>>
  /** Where `Accept: application/x-ndjson` gets a stream of lines instead, each one item in JSON: what is in them, for the docs. */
  readonly lines?: string
}

/** A route whose body and answer are not JSON documents: scope, limits, errors and docs still come from the table. */
export interface RawRoute extends RouteHead {
  readonly raw: {
    /** What may be sent, for the docs. */
    readonly accepts?: string
    /** What comes back, for the docs: status → words. */
    readonly answers: Readonly<Record<number, string>>
  }
  readonly body?: never
  readonly responses?: never
}

interface RouteHead {
  /** A GET answers HEAD as well. */
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly path: `/${string}`
  /** A second path with the same meaning. */
  readonly alias?: `/${string}`
  readonly summary: string
  /** `none`: credentials are not read. `optional`: read if sent. Otherwise the scope that the key must have. */
  readonly scope: 'none' | 'optional' | Scope
  /** Whether somebody without any credentials may do it too, where the operator allows anonymous uploads. */
  readonly guests?: true
  /** Whether the handler reads, sets or clears the session cookie itself. */
  readonly cookie?: true
  /** Whether a session must have been confirmed by the password or a one-time code a moment ago; keys need no such thing. */
  readonly sensitive?: true
  /** Whether `Idempotency-Key` is honoured; only where the answer holds no secret, since it is kept. */
  readonly repeatable?: true
  /** Whether it is done while the server is read-only, though it is no GET. */
  readonly worksReadOnly?: true
  /** Counted against the caller, or where it comes from; told in `RateLimit-*`, refused with `rate_limited`. */
  readonly limit?: Limit
  /** Written to the audit log under this name each time it was done, with who, from where, by which key, and to what. */
  readonly audited?: `${string}.${string}`
  readonly params?: TSchema
  readonly query?: TSchema
  readonly errors: readonly ErrorCode[]
}

export type Route = JsonRoute | RawRoute
export type Routes = Readonly<Record<string, Route>>

type Part<R extends Route, K extends 'params' | 'query' | 'body'> = R[K] extends TSchema
  ? { [P in K]: Static<R[K]> }
  : unknown

/** What a caller gives and a handler gets. */
export type InputOf<R extends Route> = Part<R, 'params'> & Part<R, 'query'> & Part<R, 'body'>

type StatusOf<R extends JsonRoute> = keyof R['responses'] & number

/** A body with its status, for routes with more than one. */
export type AnswerOf<R extends JsonRoute> = {
  [S in StatusOf<R>]: { status: S; body: Static<R['responses'][S]> }
}[StatusOf<R>]

export type BodyOf<R extends JsonRoute> = Static<R['responses'][StatusOf<R>]>

type IsUnion<T, U = T> = T extends unknown ? ([U] extends [T] ? false : true) : never

/** What a handler returns: the body alone where the table names one status. */
export type OutcomeOf<R extends JsonRoute> = IsUnion<StatusOf<R>> extends true ? AnswerOf<R> : BodyOf<R>
