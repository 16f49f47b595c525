import { BlockList, isIP } from 'node:net'

/**
 * Whether this IP address is out on the internet. Whoever may name an address that we connect to would like to reach
 * our own network instead, the metadata service of the cloud with its keys first of all, or a tunnel that ends there.
 */
export function isPublicAddress(address: string): boolean {
  // A zone (`fe80::1%eth0`) names one of our own interfaces.
  if (address.includes('%')) return false
  const family = isIP(address)
  if (family === 4) return !specialIPv4.check(address)
  return family === 6 && globalIPv6.check(address, 'ipv6') && !specialIPv6.check(address, 'ipv6')
}

/** https://www.iana.org/assignments/iana-ipv4-special-registry, multicast, and one cloud's own. */
const specialIPv4 = subnets('ipv4', [
  ['0.0.0.0', 8], // this host (RFC 791)
  ['10.0.0.0', 8], // private (RFC 1918)
  ['100.64.0.0', 10], // carrier-grade NAT (RFC 6598); Alibaba's metadata at 100.100.100.200
  ['127.0.0.0', 8], // loopback (RFC 1122)
  ['168.63.129.16', 32], // Azure's host agent
  ['169.254.0.0', 16], // link-local (RFC 3927); metadata of AWS, Google, Azure and others
  ['172.16.0.0', 12], // private (RFC 1918)
  ['192.0.0.0', 24], // protocol assignments (RFC 6890); Oracle's metadata at 192.0.0.192
  ['192.0.2.0', 24], // documentation (RFC 5737)
  ['192.31.196.0', 24], // AS112 (RFC 7535)
  ['192.52.193.0', 24], // AMT relays (RFC 7450)
  ['192.88.99.0', 24], // 6to4 relays (RFC 7526)
  ['192.168.0.0', 16], // private (RFC 1918)
  ['192.175.48.0', 24], // AS112 (RFC 7534)
  ['198.18.0.0', 15], // benchmarks (RFC 2544)
  ['198.51.100.0', 24], // documentation (RFC 5737)
  ['203.0.113.0', 24], // documentation (RFC 5737)
  ['224.0.0.0', 4], // multicast (RFC 5771)
  ['240.0.0.0', 4], // reserved (RFC 1112) and broadcast (RFC 919)
])

/**
 * All that is out on the internet is in here (RFC 4291). Outside are loopback, IPv4-mapped and -compatible addresses,
 * NAT64 (64:ff9b::/96 and 64:ff9b:1::/48), discard-only, unique local, link-local, site-local, multicast.
 */
const globalIPv6 = subnets('ipv6', [['2000::', 3]])

/** https://www.iana.org/assignments/iana-ipv6-special-registry, as far as it is in the above. */
const specialIPv6 = subnets('ipv6', [
  ['2001::', 23], // protocol assignments (RFC 2928): Teredo, benchmarks, ORCHID
  ['2001:db8::', 32], // documentation (RFC 3849)
  ['2002::', 16], // 6to4, with any IPv4 address inside (RFC 3056)
  ['2620:4f:8000::', 48], // AS112 (RFC 7534)
  ['3ffe::', 16], // the 6bone's, given back (RFC 3701)
  ['3fff::', 20], // documentation (RFC 9637)
])

function subnets(family: 'ipv4' | 'ipv6', table: readonly (readonly [string, number])[]): BlockList {
  const list = new BlockList()
  for (const [network, prefix] of table) list.addSubnet(network, prefix, family)
  return list
}
