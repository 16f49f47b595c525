import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Listens on a free port and says which, for `startReference`. */
export function tellPort(server: Server): void {
  server.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port))
}
