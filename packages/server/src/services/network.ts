import { isIPv6 } from 'node:net'

/**
 * Who shares an allowance: an IPv4 address, or the /64 of an IPv6 one, since that is the least that a single customer gets
 * (RFC 6177) and all of its addresses are theirs to choose from.
 */
export function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  if (mapped) return mapped
  const plain = address.split('%', 1)[0]!
  if (!isIPv6(plain)) return plain.slice(0, maxLength)
  const [head = '', tail] = plain.split('::')
  const before = groupsOf(head)
  const after = groupsOf(tail ?? '')
  // An IPv4 address at the end stands for two groups.
  const written = before.length + after.length + (plain.includes('.') ? 1 : 0)
  const zeros = Array<string>(tail === undefined ? 0 : 8 - written).fill('0')
  const network = [...before, ...zeros, ...after].slice(0, 4).map((group) => Number.parseInt(group, 16).toString(16))
  return `${network.join(':')}::/64`
}

/** Whether this address, or name of a host, is this machine. To the letter: `127.example.org` belongs to somebody else. */
export const isLoopback = (host: string): boolean =>
  /^(?:localhost|(?:::ffff:)?127(?:\.\d{1,3}){3}|::1|\[::1\])$/i.test(host)

/** What a trusted proxy forwards need not be an address; longer than any is not kept. */
const maxLength = 45

const groupsOf = (text: string): string[] => (text === '' ? [] : text.split(':'))
