import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../scripts/free-port.ts'
import type { Reference } from './reference.ts'

/** nginx with one worker that sends the files of a folder by sendfile(2). */
export async function startNginx(folder: string): Promise<Reference> {
  const place = await mkdtemp(join(tmpdir(), 'imagehost-nginx-'))
  const port = await freePort()
  await writeFile(
    join(place, 'nginx.conf'),
    `daemon off; worker_processes 1; pid ${place}/pid; error_log stderr crit;
     ${process.getuid?.() === 0 ? 'user root;' : ''}
     events { worker_connections 1024; }
     http {
       access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000;
       client_body_temp_path ${place}; proxy_temp_path ${place}; fastcgi_temp_path ${place};
       uwsgi_temp_path ${place}; scgi_temp_path ${place};
       server { listen 127.0.0.1:${port}; root ${folder}; default_type image/jpeg; }
     }`,
  )
  const nginx = ['nginx', '-p', place, '-c', join(place, 'nginx.conf')]
  const env = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` }
  const child = spawn('setpriv', ['--pdeathsig', 'TERM', ...nginx], { env, stdio: ['ignore', 'ignore', 'inherit'] })
  const url = `http://127.0.0.1:${port}`
  await answers(url)
  return {
    pid: child.pid ?? 0,
    url,
    async stop() {
      const gone = once(child, 'exit')
      child.kill('SIGTERM')
      await gone
      await rm(place, { recursive: true })
    },
  }
}

async function answers(url: string): Promise<void> {
  for (const until = Date.now() + 5_000; ; await new Promise(setImmediate)) {
    const isUp = await fetch(url).then(
      () => true,
      () => false,
    )
    if (isUp) return
    if (Date.now() > until) throw new Error('nginx did not start')
  }
}
