import { afterAll, beforeAll, expect, test } from 'vitest'
import { pictures } from '../../../server/src/testing/pictures.ts'
import { startTestCli, type TestCli } from '../testing/start-test-cli.ts'

let cli: TestCli
const files: string[] = []
beforeAll(async () => {
  cli = await startTestCli()
  await cli.logIn()
  for (let seed = 0; seed < 4; seed++) files.push(await cli.file(`${seed}.png`, await pictures.png({ seed })))
})
afterAll(() => cli.stop())

const good = async (args: readonly string[]) => {
  const { exitCode, stdout, stderr } = await cli.run(args)
  expect({ args, exitCode, stderr }).toEqual({ args, exitCode: 0, stderr: '' })
  return stdout
}
const namesIn = async (album: string) =>
  (await good(['album', 'show', album, '--json']))
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line).original_filename)

test('what is uploaded becomes an album, in the order in which it was given; its link is the last line', async () => {
  const lines = (await good(['upload', ...files.toReversed(), '--as-album', 'Italy'])).split('\n')
  expect(lines).toHaveLength(5)
  expect(lines.at(-1)).toMatch(/^http:\/\/images\.test\/a\/alb_\w+$/)
  expect(await namesIn(lines.at(-1)!)).toEqual(['3.png', '2.png', '1.png', '0.png'])
  expect(await namesIn('Italy')).toHaveLength(4)
  expect(await good(['album', 'ls'])).toMatch(/^alb_\w+\t[\d :-]+\tunlisted\t4\tItaly$/)
})

test('one that failed is not in it, and the others are', async () => {
  const ran = await cli.run(['upload', files[0]!, 'absent.png', '--as-album', 'Half'])
  expect(ran).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('absent.png') })
  expect(await namesIn('Half')).toEqual(['0.png'])
})

test('an album is made, filled, listed, emptied and deleted; its images stay', async () => {
  const link = await good(['album', 'create', 'Cats of mine', '--visibility', 'private'])
  const image = await good(['upload', files[1]!, '--album', 'Cats of mine'])
  expect(await namesIn(link)).toEqual(['1.png'])
  const other = await good(['upload', files[2]!])
  await good(['album', 'add', 'Cats of mine', other])
  expect((await good(['ls', '--album', link, '--format', 'url'])).split('\n')).toEqual([image, other])
  await good(['album', 'remove', 'Cats of mine', image])
  expect(await good(['album', 'show', 'Cats of mine'])).toBe(other)
  const silent = await cli.run(['album', 'rm', 'Cats of mine'])
  expect(silent).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('Say --yes') })
  await good(['album', 'rm', 'Cats of mine', '--yes'])
  expect(await cli.run(['album', 'show', link])).toMatchObject({ exitCode: 1, stdout: '' })
  await good(['show', image, other])
})

test('a name that nothing has, or two have, says what to do', async () => {
  const none = await cli.run(['upload', files[0]!, '--album', 'Nowhere'])
  expect(none).toMatchObject({ exitCode: 1, stdout: '', stderr: expect.stringContaining('You have no album Nowhere.') })
  await good(['album', 'create', 'Twin'])
  await good(['album', 'create', 'Twin'])
  const two = await cli.run(['album', 'show', 'Twin'])
  expect(two).toMatchObject({ exitCode: 1, stderr: expect.stringMatching(/Say which by its id: alb_\w+, alb_\w+\./) })
})

test.each([[['album', 'lst']], [['album', 'create']], [['album', 'add', 'Italy']], [['album', 'add', 'Italy', 'cat']]])(
  '%j is not understood',
  async (args) => expect(await cli.run(args)).toMatchObject({ exitCode: 2, stdout: '' }),
)
