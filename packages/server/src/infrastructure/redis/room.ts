import type { Connection } from './connection.ts'
import type { Keys } from './keys.ts'

/** What every noun in here needs. */
export interface RedisRoom {
  connection: Connection
  keys: Keys
}
