import { execFile, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { freePort } from '../free-port.ts'

export interface S3Keys {
  accessKeyId: string
  secretAccessKey: string
}

export interface S3Server extends S3Keys {
  /** Path style; the server knows buckets as `{bucket}.s3.localhost` too, for whoever gets such a name resolved. */
  endpoint: string
  region: string
  /** Of the script, and of the process group with all of the server: SIGSTOP to `-pid` freezes it. */
  pid: number
  /** Of a second user, who may do nothing until a bucket policy names `arn:aws:iam:::user/guest`. */
  guest: S3Keys
  stop(): Promise<void>
}

/** Brings up a real S3 server (see ceph.sh) in about two seconds; it ends with this process at the latest. */
export async function startS3(): Promise<S3Server> {
  const keys = newKeys()
  const child = spawn('setpriv', ['--pdeathsig', 'TERM', fileURLToPath(new URL('ceph.sh', import.meta.url))], {
    env: {
      ...process.env,
      PORT: String(await freePort()),
      MON_PORT: String(await freePort()),
      ACCESS_KEY: keys.accessKeyId,
      SECRET_KEY: keys.secretAccessKey,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  })
  const gone = once(child, 'exit')
  const ended = gone.then(([code]) => {
    throw new Error(`The S3 server ended with ${code}`)
  })
  ended.catch(() => {})
  const [, endpoint = '', folder = ''] = (await Promise.race([readyLine(child.stdout), ended])).split(' ')

  return {
    ...keys,
    endpoint,
    region: 'us-east-1',
    guest: await createGuest(folder),
    pid: child.pid ?? 0,
    async stop() {
      child.kill('SIGTERM')
      await gone
    },
  }
}

async function createGuest(folder: string): Promise<S3Keys> {
  const keys = newKeys()
  const create = ['-n', 'client.rgw', 'user', 'create', '--uid=guest', '--display-name=guest']
  await promisify(execFile)(
    'radosgw-admin',
    [...create, `--access-key=${keys.accessKeyId}`, `--secret=${keys.secretAccessKey}`],
    { env: { ...process.env, CEPH_CONF: `${folder}/ceph.conf` }, timeout: 60_000 },
  )
  return keys
}

const newKeys = (): S3Keys => ({
  accessKeyId: randomBytes(8).toString('hex'),
  secretAccessKey: randomBytes(20).toString('hex'),
})

async function readyLine(output: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface(output)) if (line.startsWith('READY ')) return line
  throw new Error('The S3 server said nothing')
}
