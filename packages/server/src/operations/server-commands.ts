import { parseArgs } from 'node:util'
import { sortName } from '../ports/account-order.ts'
import type { Account } from '../ports/accounts.ts'
import { unixSeconds } from '../ports/clock.ts'
import type { Usage } from '../ports/images.ts'
import { createInvites } from '../services/invites.ts'
import type { AdminCommand } from './admin-command.ts'

/** More than that nobody reads on a terminal. */
const maxListed = 200

/** What concerns the server as a whole. */
export const serverCommands: Readonly<Record<string, AdminCommand>> = {
  users: {
    usage: '[PREFIX]',
    summary: 'list accounts whose name begins so, with what they hold',
    run: async ({ accounts, images }, args) => {
      if (args.length > 1) return undefined
      const { items, next } = await accounts.list({ prefix: sortName(args[0] ?? ''), limit: maxListed })
      if (items.length === 0) return { text: 'Nobody here is called so.' }
      const lines = await Promise.all(items.map(async (account) => lineOf(account, await images.usage(account.uid))))
      return { text: [...lines, ...(next ? ['There are more: say how their names begin.'] : [])].join('\n') }
    },
  },
  'read-only': {
    usage: 'on|off',
    summary: 'let nobody change anything, on every server within a second; or let them again',
    run: async ({ settings }, [word = '', ...rest]) => {
      if (rest.length > 0 || !/^(on|off)$/.test(word)) return undefined
      await settings.change({ read_only: word === 'on' ? true : null })
      return { text: word === 'on' ? 'Nothing can be changed any more.' : 'Everything works as always.', changed: {} }
    },
  },
  invite: {
    usage: '[--uses N] [--expires 7d] [--note TEXT]',
    summary: 'make an invite: so many accounts (1), until then (in m, h or d)',
    run: async ({ invites, clock }, args) => {
      const asked = readInvite(args)
      if (!asked) return undefined
      const { uses, seconds, note } = asked
      const expiresAt = seconds === undefined ? undefined : unixSeconds(clock) + seconds
      const { invite, code } = await createInvites({ invites, clock }).create({ uses, expiresAt, note })
      const accounts = uses === 1 ? 'One account' : `${uses} accounts`
      const until = expiresAt === undefined ? '' : `, until ${new Date(expiresAt * 1000).toISOString()}`
      return {
        text: `${accounts} may be made${until}, by this code, shown only here: ${code}`,
        changed: { target: invite.id },
      }
    },
  },
}

const lineOf = ({ uid, username, role, disabledAt, createdAt }: Account, { images, bytes }: Usage): string =>
  [
    plain(username).padEnd(32),
    uid.padEnd(20),
    (disabledAt === undefined ? (role ?? '') : 'disabled').padEnd(8),
    dayOf(createdAt),
    `${images} images, ${(bytes / 1024 ** 2).toFixed(1)} MiB`,
  ].join('  ')

/** Records of the Flask project may hold any time, also one that no calendar has. */
function dayOf(seconds: number): string {
  const date = new Date(seconds * 1000)
  return Number.isNaN(date.getTime()) ? 'at no time' : date.toISOString().slice(0, 10)
}

/** And any name, also what a terminal takes for a command. */
const plain = (name: string): string => name.replace(/\p{C}/gu, '?')

interface InviteRequest {
  uses: number
  seconds?: number
  note?: string
}

const unitSeconds: Readonly<Record<string, number>> = { m: 60, h: 3600, d: 86_400 }

function readInvite(args: readonly string[]): InviteRequest | undefined {
  const options = { uses: { type: 'string' }, expires: { type: 'string' }, note: { type: 'string' } } as const
  const { uses = '1', expires, note } = parsed(args, options) ?? { uses: '' }
  if (!/^[1-9]\d{0,4}$/.test(uses)) return undefined
  const request = { uses: Number(uses), ...(note !== undefined && { note: note.slice(0, 200) }) }
  if (expires === undefined) return request
  const time = /^([1-9]\d{0,4})([mhd])$/.exec(expires)
  return time ? { ...request, seconds: Number(time[1]) * unitSeconds[time[2]!]! } : undefined
}

function parsed<O extends Record<string, { type: 'string' }>>(args: readonly string[], options: O) {
  try {
    return parseArgs({ args: [...args], options, strict: true }).values
  } catch {
    return undefined
  }
}
