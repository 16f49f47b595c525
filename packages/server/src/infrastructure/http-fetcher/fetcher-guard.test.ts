import { expect, it } from 'vitest'
import { createHttpFetcher } from './fetcher.ts'

const open = (url: string, resolve?: () => Promise<{ address: string; family: number }[]>) =>
  createHttpFetcher({ allowedPorts: [80, 443], timeoutMs: 5_000, ...(resolve && { resolve }) }).open(url, {
    maxBytes: 1_000,
    signal: AbortSignal.timeout(5_000),
  })

/** Whoever gets through to a connection meets its failure, not this refusal. */
const refusal = { code: 'import_refused', message: 'This address may not be fetched from here.', details: undefined }

it.each([
  // Loopback in every spelling that the WHATWG parser knows.
  'http://127.0.0.1/',
  'http://127.0.0.1./',
  'http://127.1/',
  'http://127.0.1/',
  'http://127.255.255.254/',
  'http://2130706433/',
  'http://017700000001/',
  'http://0x7f000001/',
  'http://0X7F000001/',
  'http://0x7f.0.0.1/',
  'http://0177.0.0.1/',
  'http://0177.0.0.0x1/',
  'http://0x7f.1/',
  'http://00000177.1/',
  'http://%31%32%37.0.0.1/',
  'http://127%2e0%2e0%2e1/',
  'http://１２７.0.0.1/',
  'http://①②⑦.⓪.⓪.①/',
  'http://127。0。0。1/',
  'http:\\\\127.0.0.1\\',
  'http:127.0.0.1',
  '  http://127.0.0.1/  ',
  'http://127.0.0.1\t/',
  'http://localhost/',
  'http://LOCALHOST/',
  'http://localhost./',
  'http://ⓛocalhost/',
  'http://127.0.0.1:443/',
  'https://127.0.0.1/',
  'https://localhost/',
  // This host, private, shared and link-local.
  'http://0/',
  'http://0.0.0.0/',
  'http://0x0/',
  'http://10.0.0.1/',
  'http://10.1/',
  'http://167772161/',
  'http://012.0.0.1/',
  'http://0xa000001/',
  'http://172.16.0.1/',
  'http://172.31.255.255/',
  'http://0254.020.0.1/',
  'http://192.168.1.1/',
  'http://192.168.257/',
  'http://3232235777/',
  'http://0xc0a80101/',
  'http://0300.0250.1.1/',
  'http://100.64.0.1/',
  'http://100.127.255.255/',
  // Clouds.
  'http://169.254.169.254/latest/meta-data/',
  'http://2852039166/',
  'http://0xa9fea9fe/',
  'http://0251.0376.0251.0376/',
  'http://169.254.43518/',
  'http://0xa9.0xfe.0xa9.0xfe/',
  'http://169.254.170.2/v2/credentials',
  'http://100.100.100.200/latest/meta-data/',
  'http://168.63.129.16/machine',
  'http://192.0.0.192/opc/v2/',
  'http://[fd00:ec2::254]/latest/meta-data/',
  'http://[fd20:ce::254]/',
  // Nowhere, and everywhere.
  'http://192.0.2.1/',
  'http://198.18.0.1/',
  'http://198.51.100.1/',
  'http://203.0.113.1/',
  'http://192.88.99.1/',
  'http://224.0.0.1/',
  'http://240.0.0.1/',
  'http://255.255.255.255/',
  'http://4294967295/',
  'http://0xffffffff/',
  // IPv6, and IPv4 inside it.
  'http://[::]/',
  'http://[::1]/',
  'http://[0:0:0:0:0:0:0:1]/',
  'http://[0000:0000:0000:0000:0000:0000:0000:0001]/',
  'http://[::127.0.0.1]/',
  'http://[::7f00:1]/',
  'http://[::ffff:127.0.0.1]/',
  'http://[::ffff:7f00:1]/',
  'http://[::FFFF:7F00:0001]/',
  'http://[0:0:0:0:0:ffff:127.0.0.1]/',
  'http://[::ffff:169.254.169.254]/',
  'http://[::ffff:a9fe:a9fe]/',
  'http://[::ffff:0:127.0.0.1]/',
  'http://[64:ff9b::127.0.0.1]/',
  'http://[64:ff9b::a9fe:a9fe]/',
  'http://[64:ff9b:1::a00:1]/',
  'http://[2002:7f00:1::]/',
  'http://[2002:a9fe:a9fe::1]/',
  'http://[2001:0:7f00:1::]/',
  'http://[2001::80ff:fffe]/',
  'http://[fe80::1]/',
  'http://[fe80::1%25eth0]/',
  'http://[fe80::1%eth0]/',
  'http://[fec0::1]/',
  'http://[fc00::1]/',
  'http://[fdff:ffff::1]/',
  'http://[ff02::1]/',
  'http://[2001:db8::1]/',
  'http://[100::1]/',
  'http://[3fff::1]/',
  // What is not the web, or not at its usual place.
  'ftp://example.com/cat.png',
  'file:///etc/passwd',
  'gopher://127.0.0.1:6379/_INFO',
  'data:image/png;base64,AAAA',
  'javascript:alert(1)',
  'blob:https://example.com/x',
  'ws://example.com/',
  'http://1.1.1.1:22/',
  'http://1.1.1.1:6379/',
  'http://1.1.1.1:8080/',
  'https://1.1.1.1:8443/',
  'http://1.1.1.1:0/',
  'http://user@1.1.1.1/',
  'http://user:password@1.1.1.1/',
  'http://1.1.1.1@127.0.0.1/',
  'http://127.0.0.1#@1.1.1.1/',
  'http://',
  'http:///',
  'http://[::1',
  'http://1.1.1.1:99999/',
  'http://256.1.1.1/',
  '//127.0.0.1/',
  '/etc/passwd',
  '127.0.0.1',
  '',
])('refuses %j', async (url) => {
  await expect(open(url)).rejects.toMatchObject(refusal)
})

it.each([
  [['127.0.0.1']],
  [['8.8.8.8', '10.0.0.1']],
  [['2606:4700:4700::1111', '::1']],
  [['::ffff:10.0.0.1']],
  [['fe80::1%eth0']],
  [[]],
])('refuses a name that resolves to %j', async (addresses) => {
  const resolve = async () => addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))
  await expect(open('http://pictures.example/', resolve)).rejects.toMatchObject(refusal)
})

it('answers names of our network that are elsewhere and names that are nowhere alike', async () => {
  const inside = await open('http://intranet.example/', async () => [{ address: '10.0.0.7', family: 4 }]).catch(shown)
  const nowhere = await open('http://nothing.example/', () => Promise.reject(new Error('ENOTFOUND'))).catch(shown)
  expect(inside).toEqual(nowhere)
})

const shown = ({ code, message, details, status }: Record<string, unknown>) => ({ code, message, details, status })
