import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { freePort } from '../../scripts/free-port.ts'
import { printed } from './shell.ts'

interface NginxOptions {
  /** Ports of the server processes behind it, on this machine. */
  ports: readonly number[]
  /** Where the server has its files, if nginx gives them out. */
  dataDir?: string
  /** A name, for which there will be TLS by a certificate that nobody signed. */
  domain?: string
  /** What `.env` holds. */
  settings?: string
}

export interface Nginx {
  /** By HTTP, and by HTTPS if it has a name. */
  url: string
  secureUrl: string
  place: string
  stop(): Promise<void>
}

/** nginx with the very files that deploy.sh writes; only its ports are free ones. */
export async function startNginx(options: NginxOptions): Promise<Nginx> {
  const [port, securePort] = [await freePort(), await freePort()]
  const place = writeSite(options, port, securePort)
  const check = spawnSync('nginx', [...given(place), '-t'], { env, encoding: 'utf8' })
  if (check.status !== 0) throw new Error(check.stderr)
  // TERM ends it at once, whatever it is in the middle of.
  const child = spawn('setpriv', ['--pdeathsig', 'TERM', 'nginx', ...given(place)], { env, stdio: 'ignore' })
  const gone = once(child, 'exit')
  const url = `http://127.0.0.1:${port}`
  await answers(url)
  return {
    url,
    secureUrl: `https://127.0.0.1:${securePort}`,
    place,
    async stop() {
      child.kill('SIGTERM')
      await gone
      await rm(place, { recursive: true, force: true })
    },
  }
}

const env = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` }

const given = (place: string) => ['-p', place, '-c', path.join(place, 'nginx.conf')]

function writeSite(
  { ports, dataDir = '', domain = '', settings = '' }: NginxOptions,
  port: number,
  tls: number,
): string {
  const place = mkdtempSync(path.join(tmpdir(), 'imagehost-nginx-'))
  const folders = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi', 'site', 'site.d', 'acme', `live/${domain}`]
  for (const name of folders) mkdirSync(path.join(place, name), { recursive: true })
  writeFileSync(path.join(place, '.env'), settings)
  if (domain) makeCertificate(path.join(place, 'live', domain), domain)
  const script = `
    nginx_dir=$PLACE/site nginx_site=$PLACE/site.conf acme_dir=$PLACE/acme env_file=$PLACE/.env state_dir=$PLACE
    domain=$DOMAIN data_dir=$DATA delivery=$DELIVERY processes=${ports.length} ports=(${ports.join(' ')})
    port_of() { printf %d "\${ports[$(($1 - 1))]}"; }
    certificate_dir() { printf %s "$PLACE/live/$DOMAIN"; }
    chown() { :; }
    write_site_files`
  printed(script, { PLACE: place, DOMAIN: domain, DATA: dataDir, DELIVERY: dataDir ? 'x-accel' : 'stream' })
  const site = path.join(place, 'site.conf')
  const text = readFileSync(site, 'utf8')
    .replaceAll(/ *listen \[::\].*\n/g, '')
    .replaceAll('listen 80 ', `listen 127.0.0.1:${port} `)
    .replaceAll('listen 443 ', `listen 127.0.0.1:${tls} `)
  writeFileSync(site, text)
  const temporary = folders.slice(0, 5).map((name) => `${name}_temp_path ${place}/${name};`)
  writeFileSync(
    path.join(place, 'nginx.conf'),
    `daemon off; pid ${place}/pid; error_log ${place}/error.log; worker_processes 1;
     ${process.getuid?.() === 0 ? 'user root;' : ''} events { worker_connections 1024; }
     http { access_log off; ${temporary.join(' ')} include ${site}; }`,
  )
  return place
}

function makeCertificate(folder: string, name: string): void {
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2']
  const names = ['-subj', `/CN=${name}`, '-addext', `subjectAltName=DNS:${name}`]
  const files = ['-keyout', path.join(folder, 'privkey.pem'), '-out', path.join(folder, 'fullchain.pem')]
  const { status, stderr } = spawnSync('openssl', ['req', '-x509', ...key, ...names, ...files], { encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
}

async function answers(url: string): Promise<void> {
  for (const until = Date.now() + 10_000; ; await new Promise(setImmediate)) {
    const isUp = await fetch(url, { redirect: 'manual' }).then(
      () => true,
      () => false,
    )
    if (isUp) return
    if (Date.now() > until) throw new Error('nginx did not start')
  }
}
