import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { openMetadata } from '../adapters.ts'
import { readConfig } from '../config.ts'
import { contextOf } from '../operation-context.ts'
import { readArchive } from '../operations/archive/read-archive.ts'
import { operations } from '../operations/operations.ts'
import { type Clock, systemClock } from '../ports/clock.ts'
import type { MetadataStore } from '../ports/metadata-store.ts'

export type Environment = Record<string, string>

/** The same in all environments of one test, since it seals and signs what moves between them. */
export const secret = { SECRET_KEY: 'of these tests, and of nothing else' }

interface Outcome {
  isWell: boolean
  said: string
}

/** Runs one as from the shell, in an environment. */
export const operate = (name: string, env: Environment, ...args: string[]): Promise<Outcome> =>
  operateAt(systemClock, name, env, ...args)

/** The same, when the clock shows something else. */
export async function operateAt(clock: Clock, name: string, env: Environment, ...args: string[]): Promise<Outcome> {
  const lines: string[] = []
  const context = { ...contextOf(readConfig(env)), clock, say: (line: string) => lines.push(line), progress: () => {} }
  const isWell = await operations[name]!.run(context, args)
  return { isWell, said: lines.join('\n') }
}

/** A `.env` that says the same. */
export async function envFile(folder: string, name: string, env: Environment): Promise<string> {
  const file = path.join(folder, name)
  await writeFile(
    file,
    Object.entries(env)
      .map(([each, value]) => `${each}='${value}'\n`)
      .join(''),
  )
  return file
}

/** Everything that it holds, in an order of its own; without what goes on by itself. */
export async function contents(env: Environment): Promise<unknown[]> {
  const config = readConfig(env)
  const store: MetadataStore = await openMetadata(config, { info() {}, warn() {}, error() {} }, 'beside the server')
  const all = (await Array.fromAsync(readArchive(store))).map((one) => {
    if (one.noun !== 'image') return one
    const { key, nextKey: _, formerKey: __, ...rest } = one.entry
    return { noun: one.noun, entry: rest.trashedAt === undefined ? { ...rest, key } : rest }
  })
  await store.close()
  return all.map((one) => JSON.stringify(one, (_, value) => sorted(value))).sort()
}

/** Fields by name: what an engine answers first is no difference. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value) || typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** Of all accounts there. */
export async function uidsIn(env: Environment): Promise<string[]> {
  const store = await openMetadata(readConfig(env), { info() {}, warn() {}, error() {} }, 'beside the server')
  const uids = (await Array.fromAsync(store.inventory.accounts())).map(({ account }) => account.uid)
  await store.close()
  return uids
}
