import { hash, randomBytes } from 'node:crypto'
import { encodeBase32 } from './base32.ts'

/** As many as others give: enough for years, few enough for a note. */
const codeCount = 10
/** 80 bits are 16 letters of base32: nothing to guess, also for who has the hashes. */
const codeBytes = 10

/** New recovery codes, as their owner is shown them once: `abcd-efgh-ijkl-mnop`. */
export const createRecoveryCodes = (): string[] =>
  Array.from({ length: codeCount }, () => printCode(randomBytes(codeBytes)))

/** As a person copies it from the screen: base32 in groups of four. */
export const printCode = (bytes: Uint8Array): string =>
  encodeBase32(bytes)
    .toLowerCase()
    .match(/.{1,4}/g)!
    .join('-')

/** A code as it is compared, however it was typed. */
export const plainCode = (text: string): string => text.replace(/[\s-]/g, '').toLowerCase()

/** Whether a plain code can be one of ours. */
export const isRecoveryCode = (plain: string): boolean => /^[a-z2-7]{16}$/.test(plain)

/** What is stored of a code: a plain hash is enough for 80 random bits; with the account, so that it fits nowhere else. */
export const hashRecoveryCode = (uid: string, plain: string): string => hash('sha256', `${uid} ${plain}`, 'base64url')
