import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { gpsFacts, pictures } from '../../server/src/testing/pictures.ts'
import { type ServerProcess, startServerProcess } from '../../server/src/testing/start-server-process.ts'
import { startCliProcess } from './testing/start-cli-process.ts'

/** From the account to the deletion: the real executable before a real server, on whichever engines. */
export function describeExecutable(engines: string, envOf: () => Promise<Record<string, string>>): void {
  describe(`imagehost before a server on ${engines}`, () => {
    let server: ServerProcess
    let folder: string
    beforeAll(async () => {
      folder = await mkdtemp(path.join(tmpdir(), 'imagehost-cli-'))
      server = await startServerProcess(await envOf())
    })
    afterAll(async () => {
      await server.stop()
      await rm(folder, { recursive: true })
    })

    const call = async (args: readonly string[], input?: string | Uint8Array, env: Record<string, string> = {}) => {
      const process = startCliProcess(args, { HOME: folder, ...env })
      process.end(input)
      return process.ended
    }
    const good = async (args: readonly string[], input?: string | Uint8Array) => {
      const { exitCode, stdout, stderr } = await call(args, input)
      expect({ args, exitCode, stderr }).toEqual({ args, exitCode: 0, stderr: '' })
      return stdout
    }

    test('register, upload from everywhere, list, show, trash, restore, delete, log out', async () => {
      const name = `anna-${Math.random().toString(36).slice(2, 10)}`
      await good(['register', server.url, '-u', name, '--password-stdin'], 'a long and good one\n')
      expect(await good(['whoami'])).toBe(`${name} at ${server.url}\n0 images, 0 B\n`)

      const file = path.join(folder, 'Katze im Garten.JPG')
      await writeFile(file, await pictures.jpegWithGps({ seed: 1 }))
      const heic = path.join(folder, 'phone.heic')
      await writeFile(heic, await pictures.heic())
      const [first, second] = (await good(['upload', heic, file])).trim().split('\n')
      expect(await good(['show', first!])).toContain('phone.heic')
      expect(await good(['show', second!])).toContain(`camera      ${gpsFacts.model}`)
      const served = await fetch(second!)
      expect(served.headers.get('content-type')).toBe('image/jpeg')
      expect(Buffer.from(await served.arrayBuffer()).includes('Exif')).toBe(false)

      const piped = (
        await good(['upload', '-', '--name', 'p.png', '--visibility', 'private'], await pictures.png())
      ).trim()
      expect((await fetch(piped)).status).toBe(404)
      expect((await good(['ls', '--format', 'url'])).trim().split('\n').sort()).toEqual([first, second, piped].sort())

      await good(['rm', '--yes', second!])
      expect((await fetch(second!)).status).toBe(404)
      expect(await good(['restore', second!])).toBe(`${second}\n`)
      expect((await fetch(second!)).status).toBe(200)
      await good(['rm', '--yes', '--permanent', first!, second!, piped])
      expect(await good(['ls'])).toBe('')

      const doctor = await good(['doctor'])
      expect(doctor).toContain(`${server.url} answers`)
      const { [server.url]: kept } = JSON.parse(
        await readFile(path.join(folder, '.config/imagehost/credentials.json'), 'utf8'),
      )
      await good(['logout'])
      const { exitCode, stderr } = await call(['whoami'], undefined, { IMAGEHOST_API_KEY: kept.api_key })
      expect({ exitCode, stderr: stderr.split('\n')[0] }).toEqual({
        exitCode: 4,
        stderr: 'imagehost: A valid API key is needed. (auth)',
      })
    })

    test('bytes go straight to the storage, whose address stays masked in -v', async () => {
      const { api_key: key } = await (await fetch(`${server.url}/api/v1/dev/issue-key`, { method: 'POST' })).json()
      const env = { IMAGEHOST_URL: server.url, IMAGEHOST_API_KEY: key }
      const { exitCode, stderr } = await call(['upload', '-', '-v'], await pictures.png({ seed: 4 }), env)
      expect(exitCode).toBe(0)
      expect(stderr.match(/^> [A-Z]+/gm)).toEqual(['> POST', '> PUT', '> POST'])
      expect(stderr).not.toContain(key)
      const signature = /[?&][^=&]*sig[^=&]*=([^&\s]*)/i.exec(stderr)
      expect(signature?.[1]).toBe('…')
    })
  })
}
