import { hash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { randomBase62 } from './ids.ts'

/** 43 characters of base62 are 256 bits. */
const secretLength = 43
const pattern = /^ih_([0-9A-Za-z]{43})([0-9a-z]{7})$/

/** A new API key: `ih_`, 256 random bits, and a checksum by which scanners for leaked secrets recognise ours without asking us. */
export function createKey(): string {
  const secret = randomBase62(secretLength)
  return `ih_${secret}${checksum(secret)}`
}

/** Whether it can be a key of ours: typing errors and keys of other programs are told without a question to the store. */
export function isKey(text: string): boolean {
  const match = pattern.exec(text)
  return match !== null && checksum(match[1]!) === match[2]
}

/** What is stored of a key. A plain hash is enough: with 256 random bits there is nothing to guess. */
export const hashKey = (key: string): string => hash('sha256', key, 'base64url')

const checksum = (secret: string): string => crc32(`ih_${secret}`).toString(36).padStart(7, '0')
