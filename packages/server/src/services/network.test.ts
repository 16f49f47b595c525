import { isIPv6 } from 'node:net'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { networkOf } from './network.ts'

test.each([
  ['192.0.2.7', '192.0.2.7'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:0DB8:0001:0002::1', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['2001:db8::', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['::', '0:0:0:0::/64'],
  ['64:ff9b::192.0.2.7', '64:ff9b:0:0::/64'],
  ['1:2:3::4:5:6:7', '1:2:3:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['unknown', 'unknown'],
  ['x'.repeat(100), 'x'.repeat(45)],
])('%s belongs to %s', (address, network) => expect(networkOf(address)).toBe(network))

test('whoever moves within a /64 stays who they are, however the address is written', () => {
  fc.assert(
    fc.property(fc.ipV6(), (address) => {
      const [full] = new URL(`http://[${address}]`).host.split(']')
      const canonical = full!.slice(1)
      if (/^::ffff:/.test(canonical)) return
      expect(isIPv6(canonical)).toBe(true)
      expect(networkOf(address)).toBe(networkOf(canonical))
    }),
  )
})
