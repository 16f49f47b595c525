import { createHash, createHmac } from 'node:crypto'
import { createClient, type RedisClientType } from 'redis'
import { type RedisServer, startRedis } from '../../../../scripts/redis/start-redis.ts'

export interface FlaskDeployment {
  server: RedisServer
  redis: RedisClientType
  /** Settings of a server that takes it over. */
  env: Record<string, string>
  /** Writes an account as theirs did; with fields of its hash replaced, or left out by undefined. */
  addAccount(uid: string, fields?: FlaskFields): Promise<void>
  /** Writes an image as theirs did, and lists it at this time. */
  addImage(id: string, fields?: FlaskFields, listedAt?: number): Promise<void>
  stop(): Promise<void>
}

type FlaskFields = Record<string, string | undefined>

export const flaskSecret = 'a-flask-secret'
export const flaskBucket = 'their-bucket'
export const flaskUid = 'u_0badcafe'
const createdAt = 1_700_000_000

/** A Redis with what the Flask project writes into it, by the plain commands that it uses: all values are strings. */
export async function startFlaskDeployment(): Promise<FlaskDeployment> {
  const server = await startRedis()
  const redis: RedisClientType = createClient({ url: server.url })
  await redis.connect()
  return {
    server,
    redis,
    env: { REDIS_URL: server.url, FLASK_SECRET: flaskSecret },
    addAccount: async (uid, fields = {}) => {
      const account = present({ uid, username: uid, created_at: String(createdAt), ...fields })
      if (Object.keys(account).length > 0) await redis.hSet(`user:${uid}`, account)
      await redis.set(`username:${fields.username ?? uid}`, uid)
    },
    addImage: async (id, fields = {}, listedAt = createdAt) => {
      const owner = fields.owner_uid ?? flaskUid
      const key = fields.key ?? `uploads/${owner}/${id}/a.png`
      const image = {
        ...{ id, owner_uid: owner, key, url: `s3://${flaskBucket}/${key}`, filename: 'a.png', mime: 'image/png' },
        ...{ private: '0', created_at: String(listedAt), views: '0' },
      }
      const written = present({ ...image, ...fields })
      if (Object.keys(written).length > 0) await redis.hSet(`img:${id}`, written)
      await redis.zAdd(`user:${owner}:images`, { score: listedAt, value: id })
    },
    stop: async () => {
      await redis.close()
      await server.stop()
    },
  }
}

/** A key as their itsdangerous signs it; the vectors hold it to that. */
export function flaskKey(uid: string, secret = flaskSecret): string {
  const payload = Buffer.from(JSON.stringify({ uid })).toString('base64url')
  const key = createHash('sha1').update(`api-keysigner${secret}`).digest()
  return `${payload}.${createHmac('sha1', key).update(payload).digest('base64url')}`
}

const present = (fields: FlaskFields): Record<string, string> =>
  Object.fromEntries(Object.entries(fields).filter((entry): entry is [string, string] => entry[1] !== undefined))
