import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { pictures } from '../server/src/testing/pictures.ts'
import { startServerProcess } from '../server/src/testing/start-server-process.ts'

const run = promisify(execFile)

test('packed and installed in an empty folder, it is one file that needs nothing else, and uploads', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'imagehost-pack-'))
  const server = await startServerProcess()
  try {
    const packed = await run('npm', ['pack', '--json', '--pack-destination', folder], { cwd: import.meta.dirname })
    const [{ filename, files }] = JSON.parse(packed.stdout.slice(packed.stdout.indexOf('[')))
    expect(files.map(({ path: name }: { path: string }) => name).sort()).toEqual([
      'README.md',
      'dist/imagehost.js',
      'package.json',
    ])
    await writeFile(path.join(folder, 'package.json'), '{}')
    await run('npm', ['install', '--offline', '--no-audit', '--no-fund', `./${filename}`], { cwd: folder })
    const picture = path.join(folder, 'cat.png')
    await writeFile(picture, await pictures.png())
    const key = (await (await fetch(`${server.url}/api/v1/dev/issue-key`, { method: 'POST' })).json()).api_key
    const env = { PATH: process.env.PATH, HOME: folder, IMAGEHOST_URL: server.url, IMAGEHOST_API_KEY: key }
    const uploaded = await run(path.join(folder, 'node_modules/.bin/imagehost'), ['upload', picture], {
      env,
      cwd: folder,
    })
    expect(uploaded.stderr).toBe('')
    expect((await fetch(uploaded.stdout.trim())).headers.get('content-type')).toBe('image/png')
    const { version } = JSON.parse(await readFile(path.join(import.meta.dirname, 'package.json'), 'utf8'))
    const told = await run(path.join(folder, 'node_modules/.bin/imagehost'), ['--version'], { env })
    expect(told.stdout).toBe(`imagehost ${version}\n`)
    // What a command does not need is not even evaluated: it starts as soon as Node itself does, or nearly.
    const own = await quickest([path.join(folder, 'node_modules/@imagehost/cli/dist/imagehost.js'), '--version'])
    expect(own - (await quickest(['-e', '0']))).toBeLessThan(100)
  } finally {
    await server.stop()
    await rm(folder, { recursive: true })
  }
}, 120_000)

/** Milliseconds of the fastest of several runs: the others only tell how busy the machine is. */
async function quickest(args: readonly string[]): Promise<number> {
  const times: number[] = []
  for (let round = 0; round < 8; round++) {
    const started = performance.now()
    await run(process.execPath, args)
    times.push(performance.now() - started)
  }
  return Math.min(...times)
}
