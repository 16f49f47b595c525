import assert from 'node:assert/strict'
import { type MetadataStore, MetadataUnavailable } from '../../ports/metadata-store.ts'
import type { Connection } from './connection.ts'
import { noReplicas } from './replicas.ts'
import { createStoreOver } from './store.ts'

/**
 * A process may die between any two commands that it sends. Here it does, at each of them in turn, before the command
 * reaches Redis and after it did; `check` is what another process finds.
 */
export interface Scene {
  prepare?(store: MetadataStore): Promise<void>
  work(store: MetadataStore): Promise<void>
  check(store: MetadataStore): Promise<void>
}

const deaths = ['before', 'after'] as const

/** More commands than any of the sequences sends. */
const longest = 40

/** Runs `work` with a death at each command in turn, until it survives. Each turn has keys of its own, which begin with `name`. */
export async function withEachDeath(connection: Connection, name: string, scene: Scene): Promise<void> {
  for (const when of deaths) {
    for (let at = 1; at <= longest; at++) {
      const dying = mortalConnection(connection, at, when)
      const over = (each: Connection) =>
        createStoreOver(each, { keyPrefix: `${name}-${when}-${at}:`, replicas: noReplicas })
      const store = over(connection)
      await scene.prepare?.(store)
      dying.arm()
      const died = await scene.work(over(dying.connection)).then(() => false, isDeath)
      await scene.check(store)
      if (!died) {
        assert.ok(at > 1)
        break
      }
      assert.ok(at < longest)
    }
  }
}

function mortalConnection(connection: Connection, at: number, when: (typeof deaths)[number]) {
  let sent = 0
  let isArmed = false
  const dead = () => new MetadataUnavailable('died')
  return {
    arm() {
      isArmed = true
    },
    connection: {
      ...connection,
      async send(key: string, command: readonly string[]) {
        if (isArmed) sent++
        if (sent > at || (sent === at && when === 'before')) throw dead()
        const reply = await connection.send(key, command)
        if (sent >= at) throw dead()
        return reply
      },
    },
  }
}

function isDeath(error: unknown): true {
  assert.ok(error instanceof MetadataUnavailable)
  return true
}
