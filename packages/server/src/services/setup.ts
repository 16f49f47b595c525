import { createHmac, hash, timingSafeEqual } from 'node:crypto'
import { AppError } from '@imagehost/contract/errors'
import type { Setup as SetupPort } from '../ports/setup.ts'
import type { Caller } from './access.ts'
import { randomBase62 } from './ids.ts'
import { plainCode, printCode } from './recovery-codes.ts'

/** 80 bits: nothing to guess. */
const codeBytes = 10
const nonceLength = 22

export type Setup = ReturnType<typeof createSetup>

/**
 * How the first administrator comes to be. Nobody becomes it by being quick: whoever reads what the server prints when it
 * starts has its shell. All servers print the same code, made of a nonce that they share and a key that is not in the store.
 */
export function createSetup(deps: { setup: SetupPort; key: Buffer; forgetCallers: () => void }) {
  const { setup, key, forgetCallers } = deps

  /** The code by which an account becomes administrator; undefined once there is or was one. */
  async function code(): Promise<string | undefined> {
    const nonce = await setup.begin(randomBase62(nonceLength))
    if (nonce === undefined) return undefined
    return printCode(createHmac('sha256', key).update(nonce).digest().subarray(0, codeBytes))
  }

  /** Makes the caller administrator, once. Throws `forbidden` for a wrong code, `conflict` if the setup is over. */
  async function claim({ uid }: Caller, given: string): Promise<void> {
    const expected = await code()
    if (expected === undefined) throw isOver()
    if (!isSame(given, expected)) throw new AppError('forbidden', { message: 'The code is wrong.' })
    if (!(await setup.claim(uid))) throw isOver()
    forgetCallers()
  }

  return { code, claim }
}

const isOver = (): AppError =>
  new AppError('conflict', { message: 'This server has had an administrator; ask one, or whoever has its shell.' })

/** Compared in a time that says nothing of where the two differ. */
const isSame = (given: string, expected: string): boolean =>
  timingSafeEqual(hash('sha256', plainCode(given), 'buffer'), hash('sha256', plainCode(expected), 'buffer'))
