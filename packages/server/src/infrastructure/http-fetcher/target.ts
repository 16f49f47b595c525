import { refused } from './refusal.ts'

/**
 * The parsed address, if its form allows to fetch it; the WHATWG parser turns every spelling of an IP address into one.
 */
export function targetOf(address: string, allowedPorts: readonly number[], from?: URL): URL {
  const url = URL.parse(address, from)
  if (!url) throw refused('not an address')
  const port = Number(url.port || defaultPorts[url.protocol])
  if (!(url.protocol in defaultPorts)) throw refused(`scheme ${url.protocol}`)
  if (url.username || url.password) throw refused('user name or password in the address')
  if (!allowedPorts.includes(port)) throw refused(`port ${port}`)
  // What was asked for with encryption is not fetched where anybody on the way can swap it.
  if (from?.protocol === 'https:' && url.protocol === 'http:') throw refused('redirect from https to http')
  return url
}

const defaultPorts: Record<string, number> = { 'http:': 80, 'https:': 443 }
