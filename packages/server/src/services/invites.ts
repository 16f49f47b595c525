import { hash } from 'node:crypto'
import { AppError } from '@imagehost/contract/errors'
import { type Clock, unixSeconds } from '../ports/clock.ts'
import type { Invite, Invites as InvitesPort } from '../ports/invites.ts'
import { parseCursor, printCursor } from './cursor.ts'
import { newInviteId, randomBase62 } from './ids.ts'

/** 131 bits: nothing to guess, also for who has the hashes. */
const codeLength = 22
const defaultPageSize = 50

export type Invites = ReturnType<typeof createInvites>

/** Invites: by their codes people register where that is not open to anybody. */
export function createInvites({ invites, clock }: { invites: InvitesPort; clock: Clock }) {
  /** A new invite. Its code is in no store: it is shown now or never. Throws `validation`. */
  async function create({ note, uses = 1, expiresAt }: NewInvite): Promise<{ invite: Invite; code: string }> {
    const createdAt = unixSeconds(clock)
    if (expiresAt !== undefined && expiresAt <= createdAt) {
      const message = 'An invite ends in the future.'
      throw new AppError('validation', { message, details: { field: 'body.expires_at' } })
    }
    const code = randomBase62(codeLength)
    const invite: Invite = {
      id: newInviteId(),
      hash: hashCode(code),
      uses,
      used: 0,
      createdAt,
      ...(note && { note }),
      ...(expiresAt !== undefined && { expiresAt }),
    }
    await invites.create(invite)
    return { invite, code }
  }

  /** A page, newest first. Throws `validation` for a cursor that is not ours. */
  async function list({ limit = defaultPageSize, cursor }: ListRequest): Promise<InviteList> {
    const after = cursor === undefined ? undefined : parseCursor(cursor)
    const { items, next } = await invites.list({ limit, ...(after && { after }) })
    return { items, ...(next && { nextCursor: printCursor(next) }) }
  }

  /** Throws `not_found`. */
  async function remove(id: string): Promise<void> {
    if (!(await invites.delete(id))) throw new AppError('not_found')
  }

  /** Whether it would do at this moment, without a use of it. Throws `invite_invalid`. */
  async function check(code: string): Promise<void> {
    const invite = await invites.find(hashCode(code))
    const isOver = invite?.expiresAt !== undefined && invite.expiresAt <= unixSeconds(clock)
    if (!invite || isOver || invite.used >= invite.uses) throw new AppError('invite_invalid')
  }

  /** Takes a use; returns the id of the invite. Throws `invite_invalid`. */
  async function consume(code: string): Promise<string> {
    const id = await invites.consume(hashCode(code), unixSeconds(clock))
    if (id === undefined) throw new AppError('invite_invalid')
    return id
  }

  return { create, list, remove, check, consume, giveBack: invites.giveBack }
}

export interface NewInvite {
  note?: string | undefined
  uses?: number | undefined
  /** Unix seconds. */
  expiresAt?: number | undefined
}

interface ListRequest {
  limit?: number | undefined
  cursor?: string | undefined
}

interface InviteList {
  items: Invite[]
  nextCursor?: string
}

const hashCode = (code: string): string => hash('sha256', code.trim(), 'base64url')
