import { createClient, createCluster, type RedisClientOptions } from 'redis'
import type { Log } from '../../ports/log.ts'
import { MetadataUnavailable } from '../../ports/metadata-store.ts'
import { unavailable } from './failure.ts'
import { keySlot } from './key-slot.ts'
import { createLane, type Lane } from './lane.ts'
import { listOf, numberOf, type Reply, textsOf } from './reply.ts'

export type RedisAddress = { url: string } | { clusterUrls: readonly string[] }

/** One Redis or a Cluster, as the rest of this room sees it. */
export interface Connection {
  /** Whether a script may touch keys of one slot only. */
  readonly isCluster: boolean
  /** Sends one command to whoever holds `key`; those sent in one tick travel together. */
  send(key: string, command: readonly string[]): Promise<Reply>
  /** The answer of every process that holds keys. */
  sendToAll(command: readonly string[]): Promise<Reply[]>
  /** Keys that fit a pattern of SCAN, some hundreds at a time: all that are there all the time, now and then one twice. */
  scan(pattern: string): AsyncIterable<string[]>
  /** Whoever holds `key`; the same for all keys of one process. */
  holderOf(key: string): string
  /** How many replicas have all that this connection wrote to the holder of `key`, after one has or the time is over. */
  waitForReplica(key: string, timeoutMs: number): Promise<number>
  /** Throws MetadataUnavailable unless all processes answer in time and serve all keys. */
  ping(): Promise<void>
  close(): Promise<void>
}

/** How long the first connection may take before the start is given up. */
const connectTimeoutMs = 5_000

/**
 * A connection that says nothing for this long is replaced. A ping every half second keeps a healthy one from that; the
 * library's defaults wait forever on a frozen Redis and close the client for good afterwards.
 */
const socketTimeoutMs = 1_500
const pingIntervalMs = 500

/** Bounds what a close waits for. */
const closeTimeoutMs = 1_000

export const connect = (address: RedisAddress, log: Log): Promise<Connection> =>
  'url' in address ? connectToOne(address.url, log) : connectToCluster(address.clusterUrls, log)

async function connectToOne(url: string, log: Log): Promise<Connection> {
  const client = createClient({ ...clientOptions, url })
  reportChanges(client, log)
  await inTime(client.connect(), () => client.destroy())
  const lane = createLane()
  const send = (command: readonly string[]) => lane.send(() => client.sendCommand<Reply>(command, noTimer))
  return {
    isCluster: false,
    send: (_, command) => send(command),
    sendToAll: async (command) => [await send(command)],
    scan: (pattern) => scanned(send, pattern),
    holderOf: () => '',
    waitForReplica: async (_, timeoutMs) => numberOf(await send(['WAIT', '1', String(timeoutMs)])),
    async ping() {
      await send(['PING'])
    },
    close: () => closeInTime(client),
  }
}

async function connectToCluster(urls: readonly string[], log: Log): Promise<Connection> {
  const cluster = createCluster({
    rootNodes: urls.map((url) => ({ url })),
    // What the addresses say of user, password and TLS holds for the discovered nodes too.
    defaults: { ...clientOptions, ...credentialsOf(urls[0]) },
    topologyRefreshOnReconnectionAttemptStrategy: 1_000,
  })
  reportChanges(cluster, log)
  await inTime(cluster.connect(), () => cluster.destroy())

  // A frozen node must not make the others look frozen.
  const lanes = new Map<string, Lane>()
  function laneOf(address: string): Lane {
    const lane = lanes.get(address) ?? createLane()
    if (!lanes.has(address)) lanes.set(address, lane)
    return lane
  }

  const holderOf = (key: string) => cluster.slots[keySlot(key)]?.master.address ?? ''

  const sendTo = (master: (typeof cluster.masters)[number], command: readonly string[]) =>
    laneOf(master.address).send(async () => (await cluster.nodeClient(master)).sendCommand<Reply>(command, noTimer))

  const sendToAll = (command: readonly string[]) =>
    Promise.all(cluster.masters.map((master) => sendTo(master, command)))

  return {
    isCluster: true,
    send: (key, command) =>
      laneOf(holderOf(key)).send(() => cluster.sendCommand<Reply>(key, false, [...command], noTimer)),
    sendToAll,
    async *scan(pattern) {
      for (const master of cluster.masters) yield* scanned((command) => sendTo(master, command), pattern)
    },
    holderOf,
    async waitForReplica(key, timeoutMs) {
      const holder = cluster.slots[keySlot(key)]?.master
      if (!holder) throw new MetadataUnavailable('Nobody holds this part of the Redis Cluster.')
      // Not by way of the cluster, which would ask every node.
      const replicas = laneOf(holder.address).send(async () =>
        (await cluster.nodeClient(holder)).sendCommand<Reply>(['WAIT', '1', String(timeoutMs)], noTimer),
      )
      return numberOf(await replicas)
    },
    async ping() {
      const states = await sendToAll(['CLUSTER', 'INFO'])
      if (states.length === 0 || !states.every((state) => String(state).includes('cluster_state:ok')))
        throw new MetadataUnavailable('The Redis Cluster does not serve all keys.')
    },
    close: () => closeInTime(cluster),
  }
}

async function* scanned(send: (command: readonly string[]) => Promise<Reply>, pattern: string) {
  let cursor = '0'
  do {
    const [next, keys] = listOf(await send(['SCAN', cursor, 'MATCH', pattern, 'COUNT', '500']))
    yield textsOf(keys)
    cursor = String(next)
  } while (cursor !== '0')
}

/** The lane keeps the time; the library's own timer costs an AbortSignal for each command. */
const noTimer = { timeout: 0 }

const clientOptions = {
  RESP: 3,
  pingInterval: pingIntervalMs,
  disableOfflineQueue: true,
  disableClientInfo: true,
  maintNotifications: 'disabled',
  socket: { connectTimeout: 2_000, socketTimeout: socketTimeoutMs, reconnectStrategy },
} as const satisfies RedisClientOptions

/** Never gives up, and is quick: a Redis that is back is noticed within half a second. */
function reconnectStrategy(retries: number): number {
  return Math.min(400, 20 * 2 ** Math.min(retries, 10)) * (0.75 + Math.random() / 2)
}

function credentialsOf(url: string | undefined): Partial<RedisClientOptions> {
  if (!url) throw new Error('REDIS_CLUSTER_URLS names no address.')
  const { protocol, username, password } = new URL(url)
  return {
    ...(username && { username: decodeURIComponent(username) }),
    ...(password && { password: decodeURIComponent(password) }),
    ...(protocol === 'rediss:' && { socket: { ...clientOptions.socket, tls: true } }),
  }
}

/** Tells the log when Redis goes and when it is back, not each attempt in between. */
function reportChanges(client: Reporting, log: Log): void {
  let away = false
  const gone = (error: unknown) => {
    if (!away) log.warn({ error: reasonOf(error) }, 'Redis is away; connecting again until it is back.')
    away = true
  }
  const back = () => {
    if (away) log.info({}, 'Redis is back.')
    away = false
  }
  client.on('error', gone)
  client.on('ready', back)
  client.on('node-error', gone)
  client.on('node-ready', back)
}

/** Without host and port, which the messages of Node hold. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  return 'code' in error && typeof error.code === 'string' ? error.code : error.constructor.name
}

interface Reporting {
  on(event: string, listener: (argument: unknown) => void): unknown
}

async function inTime(connecting: Promise<unknown>, giveUp: () => void): Promise<void> {
  const { promise: late, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new MetadataUnavailable('Redis does not answer.')), connectTimeoutMs)
  try {
    await Promise.race([connecting, late])
  } catch (error) {
    connecting.catch(() => {})
    giveUp()
    throw unavailable(error)
  } finally {
    clearTimeout(timer)
  }
}

async function closeInTime(client: { close(): unknown; destroy(): void; isOpen: boolean }): Promise<void> {
  if (!client.isOpen) return
  const { promise: late, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, closeTimeoutMs)
  await Promise.race([Promise.resolve(client.close()).catch(() => {}), late])
  clearTimeout(timer)
  client.destroy()
}
