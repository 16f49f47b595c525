import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { connect as connectHttp2 } from 'node:http2'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestApp, type TestApp } from '../packages/server/src/testing/start-test-app.ts'
import { printed } from './testing/shell.ts'
import { type Nginx, startNginx } from './testing/start-nginx.ts'

/** HTTPS as deploy.sh sets it up, by a certificate that nobody signed. */
const domain = 'img.example.test'
let app: TestApp
let nginx: Nginx

beforeAll(async () => {
  app = await startTestApp({ TRUSTED_PROXIES: '127.0.0.1', PUBLIC_URL: `https://${domain}` })
  await app.server.listen({ port: 0, host: '127.0.0.1' })
  nginx = await startNginx({ ports: [(app.server.server.address() as AddressInfo).port], domain })
})
afterAll(async () => {
  await nginx.stop()
  await app.stop()
})

const handshake = (...options: string[]) => {
  const { host } = new URL(nginx.secureUrl)
  const { stdout, status } = spawnSync('openssl', ['s_client', '-connect', host, '-servername', domain, ...options], {
    encoding: 'utf8',
    input: '',
  })
  return { status, protocol: /^(?:New, |\s*Protocol\s*: )(TLSv[\d.]+)/m.exec(stdout)?.[1], stdout }
}

test('of 1.2 and 1.3, by ciphers with forward secrecy', () => {
  expect(handshake('-tls1_3')).toMatchObject({ status: 0, protocol: 'TLSv1.3' })
  expect(handshake('-tls1_2')).toMatchObject({ status: 0, protocol: 'TLSv1.2' })
  // With the security level at which OpenSSL would speak them at all.
  expect(handshake('-tls1_1', '-cipher', 'DEFAULT@SECLEVEL=0').status).not.toBe(0)
  expect(handshake('-tls1_2', '-cipher', 'AES128-GCM-SHA256').status).not.toBe(0)
  expect(handshake('-tls1_2', '-cipher', 'ECDHE-ECDSA-AES256-SHA384').status).not.toBe(0)
})

test('HTTP/2, with https in what the server says of itself', async () => {
  const ca = readFileSync(path.join(nginx.place, 'live', domain, 'fullchain.pem'))
  const session = connectHttp2(nginx.secureUrl, { ca, servername: domain })
  const request = session.request({ ':path': '/api/v1/site', ':authority': domain })
  const [headers] = await once(request, 'response')
  expect(headers[':status']).toBe(200)
  expect(headers['strict-transport-security']).toContain('max-age=')
  expect(headers.server).toBe('nginx')
  request.resume()
  await once(request, 'end')
  session.close()
})

test('plain HTTP leads there, but for what Let’s Encrypt asks', async () => {
  const answer = await fetch(`${nginx.url}/api/v1/upload?x=1`, { method: 'POST', redirect: 'manual' })
  expect([answer.status, answer.headers.get('location')]).toEqual([308, `https://${domain}/api/v1/upload?x=1`])
  expect((await fetch(`${nginx.url}/.well-known/acme-challenge/nothing`)).status).toBe(404)
})

test('each nginx is told of HTTP/2 in its own words', () => {
  const lines = (version: string) => printed(`listen_6() { :; }; listen_tls ${version}`)
  for (const version of ['1.22.1', '1.24.0', '1.25.0']) expect(lines(version)).toBe('  listen 443 ssl http2;\n')
  for (const version of ['1.25.1', '1.26.3', '1.30.0']) expect(lines(version)).toContain('http2 on;')
})

test('the block that certbot wrote stands, and what is around it is renewed', async () => {
  const site = path.join(nginx.place, 'site.conf')
  const byCertbot = `${readFileSync(site, 'utf8')}\n# managed by Certbot\n`
  writeFileSync(site, byCertbot)
  const script = `nginx_dir=$PLACE/site nginx_site=$PLACE/site.conf acme_dir=$PLACE/acme env_file=$PLACE/.env data_dir=/x
    domain='' delivery=stream processes=3; chown() { :; }; write_site_files >/dev/null`
  printed(script, { PLACE: nginx.place })
  expect(readFileSync(site, 'utf8')).toBe(byCertbot)
  expect(readFileSync(path.join(nginx.place, 'site/http.conf'), 'utf8')).toContain('127.0.0.1:8003')
})
