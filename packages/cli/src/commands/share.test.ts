import { afterAll, beforeAll, expect, test } from 'vitest'
import { pictures } from '../../../server/src/testing/pictures.ts'
import { startTestCli, type TestCli } from '../testing/start-test-cli.ts'

let cli: TestCli
let image: string
beforeAll(async () => {
  cli = await startTestCli()
  await cli.logIn()
  image = await good(['upload', await cli.file('a.png', await pictures.png()), '--visibility', 'private', '--json'])
  image = JSON.parse(image).id
})
afterAll(() => cli.stop())

const good = async (args: readonly string[], situation = {}) => {
  const { exitCode, stdout, stderr } = await cli.run(args, situation)
  expect({ args, exitCode, stderr }).toEqual({ args, exitCode: 0, stderr: '' })
  return stdout
}

const open = async (link: string, body: object = {}) => {
  const headers = { 'content-type': 'application/json', accept: 'application/json' }
  return (await cli.app.fetch(link, { method: 'POST', headers, body: JSON.stringify(body) })).status
}

test('a link that opens a private image as often as it may, listed and taken back', async () => {
  const link = await good(['share', image, '--max-views', '2', '--name', 'for Otto', '--no-download'])
  expect(link).toMatch(/^http:\/\/images\.test\/s\/\w+$/)
  expect(await open(link)).toBe(200)
  expect(await good(['share', 'ls', image])).toBe(`${link}\t${image}\t1 of 2 views\tno end\t\tfor Otto`)
  expect(JSON.parse(await good(['share', 'ls', '--json']))).toMatchObject({ url: link, allow_download: false })
  expect(await cli.run(['share', 'rm', link])).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('--yes') })
  await good(['share', 'rm', link, '--yes'])
  expect(await open(link)).toBe(404)
  expect(await good(['share', 'ls'])).toBe('')
})

test('a link to an album, by its name', async () => {
  await good(['album', 'create', 'Summer'])
  await good(['album', 'add', 'Summer', image])
  const link = await good(['share', 'album', 'Summer', '--name', 'for Otto'])
  expect(await open(link)).toBe(200)
  expect(await good(['share', 'ls'])).toBe(`${link}\tSummer\t1 views\tno end\t\tfor Otto`)
  await good(['share', 'rm', link, '--yes'])
  expect(await cli.run(['share', 'album', 'Winter'])).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining('You have no album Winter.'),
  })
})

test('with a password from stdin, which is never shown', async () => {
  const link = await good(['share', image, '--password-stdin'], { input: 'open sesame\n' })
  expect(await open(link)).toBe(403)
  expect(await open(link, { password: 'open sesame' })).toBe(200)
  expect(await good(['share', 'ls', image])).toMatch(/\tpassword\t$/)
  expect(await cli.run(['share', image, '--password'])).toMatchObject({ exitCode: 2 })
  const asked = await cli.run(['share', image, '--password'], { answers: ['one', 'other'] })
  expect(asked).toMatchObject({ exitCode: 1, stdout: '' })
})

test.each([
  [['share', 'cat']],
  [['share', 'sl']],
  [['share', 'rm']],
  [['share', 'img_a', '--max-views', 'many']],
  [['share', 'img_a', '--expires', 'soon']],
])('%j is not understood', async (args) => expect(await cli.run(args)).toMatchObject({ exitCode: 2, stdout: '' }))
