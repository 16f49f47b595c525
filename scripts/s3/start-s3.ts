import { execFile, spawn } from 'node:child_process'
import { randomBytes, randomInt } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

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
  /** A further user who may do nothing until a bucket policy names `arn:aws:iam:::user/{name}`. */
  createUser(name: string): Promise<S3Keys>
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
  const [, endpoint = '', folder = ''] = (await Promise.race([readyLine(child.stdout), ended])).split(' ')
  ended.catch(() => {})

  return {
    ...keys,
    endpoint,
    region: 'us-east-1',
    pid: child.pid ?? 0,
    async createUser(name) {
      const user = newKeys()
      const create = ['-n', 'client.rgw', 'user', 'create', `--uid=${name}`, `--display-name=${name}`]
      await run('radosgw-admin', [...create, `--access-key=${user.accessKeyId}`, `--secret=${user.secretAccessKey}`], {
        env: { ...process.env, CEPH_CONF: `${folder}/ceph.conf` },
        timeout: 60_000,
      })
      return user
    },
    async stop() {
      child.kill('SIGTERM')
      await gone
    },
  }
}

const run = promisify(execFile)

const newKeys = (): S3Keys => ({
  accessKeyId: randomBytes(8).toString('hex'),
  secretAccessKey: randomBytes(20).toString('hex'),
})

async function readyLine(output: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface(output)) if (line.startsWith('READY ')) return line
  throw new Error('The S3 server said nothing')
}

/** Below 32768, where outgoing connections take their ports from: none of them comes in between. */
async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(10_000, 32_000)
    const server = createServer()
    const listening = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false)).listen(port, '127.0.0.1', () => resolve(true))
    })
    if (!listening) continue
    server.close()
    await once(server, 'close')
    return port
  }
}
