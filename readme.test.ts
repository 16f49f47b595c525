import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { pictures } from './packages/server/src/testing/pictures.ts'
import { startTestApp } from './packages/server/src/testing/start-test-app.ts'

const readme = readFileSync(path.join(import.meta.dirname, 'README.md'), 'utf8')

test('the session in the README does what it says, command by command', async () => {
  const app = await startTestApp()
  const folder = mkdtempSync(path.join(tmpdir(), 'readme-'))
  writeFileSync(path.join(folder, 'picture.jpg'), await pictures.jpegWithGps())
  await app.server.listen({ port: 0, host: '127.0.0.1' })
  const { port } = app.server.server.address() as AddressInfo
  const answers: Record<string, { api_key?: string; id?: string; items?: object[]; status?: string }> = {}
  try {
    for (const [title, command] of session()) {
      const given = command
        .replaceAll('localhost:8000', `127.0.0.1:${port}`)
        .replaceAll('YOUR_API_KEY', answers['Get an API key']?.api_key ?? '')
        .replaceAll('YOUR_IMAGE_ID', answers['Upload a picture']?.id ?? '')
      const { stdout } = await promisify(execFile)('sh', ['-c', given], { cwd: folder, timeout: 20_000 })
      answers[title] = JSON.parse(stdout)
    }
  } finally {
    await app.stop()
    rmSync(folder, { recursive: true })
  }
  expect(answers).toMatchObject({
    'Health check': { status: 'ok' },
    'Get an API key': { api_key: expect.stringMatching(/^ih_/), uid: expect.stringMatching(/^u_/) },
    'Upload a picture': { id: expect.stringMatching(/^img_/), mime: 'image/jpeg' },
    'List your images': { items: [{ filename: 'picture.jpg' }] },
    'Delete one': { status: 'deleted' },
  })
})

/** Title and command of each step of the session. */
function session(): [string, string][] {
  const block = [...readme.matchAll(/```sh\n([\s\S]*?)```/g)].find(([, text]) => text!.includes('# Health check'))![1]!
  return [...block.matchAll(/^# (.+)\n(curl .+)$/gm)].map(([, title, command]) => [title!, command!])
}

test('every file that the documents point to is there', () => {
  for (const name of ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'SECURITY.md']) {
    const text = readFileSync(path.join(import.meta.dirname, name), 'utf8')
    for (const [, target] of text.matchAll(/\]\((?!https?:)([^)#]+)\)/g)) {
      expect(() => readFileSync(path.join(import.meta.dirname, target!)), `${name} → ${target}`).not.toThrow()
    }
  }
})
