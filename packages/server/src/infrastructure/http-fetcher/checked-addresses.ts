import type { LookupAddress } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import { refused } from './refusal.ts'

export interface AddressGuard {
  resolve: (name: string) => Promise<LookupAddress[]>
  isAllowedAddress: (address: string) => boolean
}

/**
 * Resolves the name of this URL once and checks every address that it has. A name that exists only in our network is
 * answered as one that exists nowhere.
 */
export async function checkedAddresses({ hostname }: URL, guard: AddressGuard): Promise<LookupAddress[]> {
  const literal = hostname.replace(/^\[|\]$/g, '')
  const family = isIP(literal)
  const addresses = family
    ? [{ address: literal, family }]
    : await guard.resolve(hostname).catch(() => {
        throw refused(`${hostname} has no address`)
      })
  const forbidden = addresses.find(({ address }) => !guard.isAllowedAddress(address))
  if (forbidden || addresses.length === 0) throw refused(`${hostname} is ${forbidden?.address ?? 'nowhere'}`)
  return addresses
}

/**
 * For the socket, which would otherwise ask again: a name server of the attacker's gives a public address to the check
 * and 127.0.0.1 to the connection (DNS rebinding).
 */
export const pinned =
  (addresses: LookupAddress[]): LookupFunction =>
  (_name, options, callback) => {
    const [first] = addresses
    if (options.all) callback(null, addresses)
    else callback(null, first?.address ?? '', first?.family)
  }
