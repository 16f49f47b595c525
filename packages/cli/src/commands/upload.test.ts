import { chmod, mkdir, readFile, symlink } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { pictures } from '../../../server/src/testing/pictures.ts'
import { startTestCli, type TestCli } from '../testing/start-test-cli.ts'

let cli: TestCli
const files: Record<string, string> = {}

beforeAll(async () => {
  cli = await startTestCli({ MAX_UPLOAD_BYTES: '1000000' })
  await cli.logIn()
  files.jpeg = await cli.file('Katze.JPG', await pictures.jpegWithGps({ seed: 1 }))
  files.png = await cli.file('dog.png', await pictures.png({ seed: 2 }))
  files.heic = await cli.file('phone.heic', await pictures.heic())
  files.lying = await cli.file('lying.jpg', '<svg onload="alert(1)"/>')
  files.large = await cli.file('large.jpg', Buffer.concat([await pictures.jpeg(), Buffer.alloc(1_000_000)]))
})
afterAll(() => cli.stop())

const link = /^http:\/\/images\.test\/i\/img_\w+\.(jpg|png)$/
const infoOf = async (url: string) => JSON.parse((await cli.run(['show', url, '--json'])).stdout)

describe('what is printed', () => {
  test('a link, and nothing else anywhere', async () => {
    const { exitCode, stdout, stderr } = await cli.run(['upload', files.jpeg!])
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    expect(stdout).toMatch(link)
    expect(await infoOf(stdout)).toMatchObject({ original_filename: 'Katze.JPG', mime: 'image/jpeg' })
  })

  test('a line for each, in the order in which they were given', async () => {
    const given = [files.heic!, files.png!, files.jpeg!, files.png!]
    const { stdout } = await cli.run(['upload', ...given, '--concurrency', '4'])
    const infos = await Promise.all(stdout.split('\n').map(infoOf))
    expect(infos.map(({ original_filename }) => original_filename)).toEqual(given.map((file) => path.basename(file)))
  })

  test.each([
    ['markdown', /^!\[.*\]\(http:\/\/images\.test\/i\/img_\w+\.png\)$/],
    ['html', /^<img src="http:/],
    ['bbcode', /^\[img\]http:/],
    ['json', /^\{"id":"img_\w+".*\}$/],
    ['url', link],
  ])('as %s', async (format, pattern) => {
    const { stdout } = await cli.run(['upload', files.png!, '--format', format])
    expect(stdout).toMatch(pattern)
  })

  test('as it is set once for all, unless told otherwise', async () => {
    await cli.run('config set format markdown')
    expect((await cli.run(['upload', files.png!])).stdout).toMatch(/^!\[/)
    expect((await cli.run(['upload', files.png!, '-f', 'url'])).stdout).toMatch(link)
    expect(JSON.parse((await cli.run(['upload', files.png!, '--json'])).stdout)).toHaveProperty('id')
    await cli.run('config unset format')
  })
})

describe('what fails', () => {
  test('one of several: the others are printed, it is named, exit 1', async () => {
    const { exitCode, stdout, stderr } = await cli.run(['upload', files.png!, files.lying!, 'absent.png', files.jpeg!])
    expect(exitCode).toBe(1)
    expect(stdout.split('\n')).toEqual([expect.stringMatching(link), expect.stringMatching(link)])
    expect(stderr.split('\n')).toEqual([
      `imagehost: ${files.lying}: This is not a picture that is accepted here. (unsupported_type)`,
      '  Send JPEG, PNG, GIF, WebP, AVIF or HEIC.',
      'imagehost: absent.png: There is no such file.',
    ])
  })

  test('what the server refuses, in its words', async () => {
    const { exitCode, stdout, stderr } = await cli.run(['upload', files.large!])
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' })
    expect(stderr).toBe(
      `imagehost: ${files.large}: The file is larger than the limit here: 1000000 bytes. (too_large)\n  Send a smaller file.`,
    )
  })

  test('an address that the server may not fetch', async () => {
    const { exitCode, stderr } = await cli.run('upload http://127.0.0.1/cat.png')
    expect(exitCode).toBe(1)
    expect(stderr).toContain('imagehost: http://127.0.0.1/cat.png: ')
    expect(stderr).toContain('(import_refused)')
  })

  test('a refused key is what to mend first: exit 4', async () => {
    const { exitCode } = await cli.run(['upload', files.png!, 'absent.png'], { env: { IMAGEHOST_API_KEY: 'wrong' } })
    expect(exitCode).toBe(4)
  })

  test('Ctrl-C: nothing more is printed, nothing is made, exit 130', async () => {
    const before = JSON.parse((await cli.run('whoami --json')).stdout).usage.images
    const ran = await cli.run(['upload', files.png!], { interruptAt: /%/, isWatched: true })
    expect(ran).toMatchObject({ exitCode: 130, stdout: '', stderr: '' })
    expect(JSON.parse((await cli.run('whoami --json')).stdout).usage.images).toBe(before)
  })
})

describe('what may be said of a picture', () => {
  test('title, tags, visibility, expiry, name', async () => {
    const args = ['--title', 'A cat', '--tag', 'cat', '--tag', 'pet', '--visibility', 'private', '--expires', '7d']
    const { stdout } = await cli.run(['upload', files.jpeg!, ...args, '--name', 'felix.jpg'])
    const image = await infoOf(stdout)
    expect(image).toMatchObject({
      title: 'A cat',
      tags: ['cat', 'pet'],
      visibility: 'private',
      original_filename: 'felix.jpg',
      expires_at: image.created_at + 7 * 86_400,
    })
  })

  test('metadata is kept where asked for', async () => {
    const { stdout } = await cli.run(['upload', files.jpeg!, '--keep-metadata'])
    const response = await cli.app.fetch(stdout)
    expect(Buffer.from(await response.arrayBuffer()).includes('Acme Cam 7')).toBe(true)
  })
})

describe('where pictures come from', () => {
  test('stdin, under a name', async () => {
    const { stdout, exitCode } = await cli.run('upload - --name screen.png', { input: await pictures.png({ seed: 5 }) })
    expect(exitCode).toBe(0)
    expect(await infoOf(stdout)).toMatchObject({ original_filename: 'screen.png' })
  })

  test('directories: pictures by their bytes, in the order of their paths, never in a circle', async () => {
    const folder = path.join(cli.folder, 'holiday')
    await mkdir(path.join(folder, 'more'), { recursive: true })
    await cli.file('holiday/b.dat', await pictures.gif({ seed: 6 }))
    await cli.file('holiday/a.png', await pictures.png({ seed: 7 }))
    await cli.file('holiday/more/c.png', await pictures.png({ seed: 8 }))
    await cli.file('holiday/notes.png', 'no picture')
    await symlink(folder, path.join(folder, 'more', 'round'))
    const refused = await cli.run(['upload', folder])
    expect(refused).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('by --recursive') })
    const planned = await cli.run(['upload', '-r', folder, '--dry-run'])
    expect(planned.stdout.split('\n').map((file) => path.relative(folder, file))).toEqual([
      'a.png',
      'b.dat',
      'more/c.png',
    ])
    expect((await cli.run(['upload', '-r', folder])).stdout.split('\n')).toHaveLength(3)
  })

  test('the clipboard, by the program that is there; and the link back into it', async () => {
    const bin = path.join(cli.folder, 'bin')
    await mkdir(bin)
    await cli.file('clip.png', await pictures.png({ seed: 9 }))
    await cli.file(
      'bin/xclip',
      `#!/bin/sh\ncase "$*" in *-in*) cat > "${cli.folder}/copied" ;; *) cat "${cli.folder}/clip.png" ;; esac\n`,
    )
    await chmod(path.join(bin, 'xclip'), 0o755)
    const env = { PATH: `${bin}:/bin:/usr/bin`, DISPLAY: ':9' }
    const { stdout, exitCode } = await cli.run('upload --clipboard --copy', { env })
    expect(exitCode).toBe(0)
    expect(await infoOf(stdout)).toMatchObject({ original_filename: 'clipboard.png' })
    expect(await readFile(path.join(cli.folder, 'copied'), 'utf8')).toBe(stdout)
    // Without a display, xclip has nobody to talk to.
    const alone = await cli.run('upload --clipboard', { env: { PATH: bin } })
    expect(alone).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('Install one of wl-paste, xclip') })
  })

  test('a dry run uploads nothing, and tells what would fail', async () => {
    const before = JSON.parse((await cli.run('whoami --json')).stdout).usage.images
    const ran = await cli.run(['upload', files.png!, files.lying!, '--dry-run'])
    expect(ran).toMatchObject({ exitCode: 1, stdout: files.png })
    expect(JSON.parse((await cli.run('whoami --json')).stdout).usage.images).toBe(before)
  })
})

test('progress is told while bytes go', async () => {
  const { statuses } = await cli.run(['upload', files.png!, files.jpeg!, '--concurrency', '1'], { isWatched: true })
  expect(statuses[0]).toMatch(/^1\/2 .*dog\.png {2}0% of [\d.]+ kB$/)
  expect(statuses).toContainEqual(expect.stringMatching(/^2\/2 .*Katze\.JPG {2}checking$/))
  expect(statuses.at(-1)).toBe('')
  expect((await cli.run(['upload', files.png!, '-q'], { isWatched: true })).statuses).toEqual([])
})
