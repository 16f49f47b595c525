import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { installMissing } from './debian-packages.ts'

/**
 * `npm test`: types, style, then every test. Real Redis, Redis Cluster and S3 are brought up by the tests themselves.
 * Where their programs are missing and cannot be installed, those tests are left out, loudly; never where CI is set.
 * Arguments are handed to Vitest: `npm test -- packages/server/src/http`.
 */
const directory = mkdtempSync(path.join(tmpdir(), 'imagehost-test-'))
try {
  process.exitCode = await run()
} finally {
  rmSync(directory, { recursive: true, force: true })
}

async function run(): Promise<number> {
  const lacking = installMissing()
  const isComplete = lacking.programs.length === 0
  if (!isComplete) {
    process.stderr.write(
      `\n!! Missing: ${lacking.programs.join(', ')}. Tests with real Redis and S3 are SKIPPED.\n` +
        `!! On Debian: apt-get install ${lacking.packages.join(' ')}\n\n`,
    )
    if (process.env.CI) return 1
  }
  for (const [program, ...args] of [
    ['tsc', '--noEmit'],
    ['biome', 'check', '.'],
  ] as const) {
    if (spawnSync(program, args, { stdio: 'inherit' }).status !== 0) return 1
  }
  // Beside each other: what needs real servers runs file by file and often waits, which leaves its core to the rest.
  const outcomes = await Promise.all([
    runProject('unit', 'live'),
    ...(isComplete ? [runProject('servers', 'afterwards'), runProject('site', 'afterwards')] : []),
  ])
  return summarise(outcomes, isComplete) ? 0 : 1
}

interface Outcome {
  succeeded: boolean
  passed: number
  failed: number
  skipped: number
  /** Each that failed: its file, its name and what was wrong, for the end of the output, where one looks first. */
  failures: string[]
}

/** One of the projects in vitest.config.ts: shown as it goes, or, beside another one, in one piece when it is through. */
async function runProject(project: string, shown: 'live' | 'afterwards'): Promise<Outcome> {
  const report = path.join(directory, `${project}.json`)
  const options = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`, '--passWithNoTests']
  const output = shown === 'live' ? 'inherit' : 'pipe'
  const child = spawn('vitest', ['run', '--project', project, ...options, ...process.argv.slice(2)], {
    stdio: ['ignore', output, output],
    env: {
      ...process.env,
      ...(process.stdout.isTTY && { FORCE_COLOR: '1' }),
      // For the hundreds of processes that the tests start.
      NODE_COMPILE_CACHE: path.join(directory, 'compile-cache'),
    },
  })
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  const said = await Promise.all([child.stdout, child.stderr].map((stream) => (stream ? text(stream) : '')))
  const succeeded = (await ended) === 0
  process.stdout.write(said.join(''))
  return { succeeded, ...read(report) }
}

/** What Vitest's JSON report holds of use here; a file that could not be loaded has a message and no tests. */
interface Report {
  numPassedTests: number
  numFailedTests: number
  numPendingTests: number
  numTodoTests: number
  testResults: {
    name: string
    status: string
    message: string
    assertionResults: { status: string; fullName: string; failureMessages: string[] }[]
  }[]
}

function read(file: string): Omit<Outcome, 'succeeded'> {
  const report: Report = JSON.parse(readFileSync(file, 'utf8'))
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests,
    skipped: report.numPendingTests + report.numTodoTests,
    failures: report.testResults.filter(({ status }) => status === 'failed').flatMap(failuresIn),
  }
}

function failuresIn({ name, message, assertionResults }: Report['testResults'][number]): string[] {
  const file = path.relative(process.cwd(), name)
  const failed = assertionResults.filter(({ status }) => status === 'failed')
  if (failed.length === 0) return [`${file}\n${message}`]
  return failed.map(({ fullName, failureMessages }) => `${file} > ${fullName}\n${failureMessages.join('\n')}`)
}

/** The closing lines, and whether it may be called a success. */
function summarise(outcomes: Outcome[], isComplete: boolean): boolean {
  const sum = (name: 'passed' | 'failed' | 'skipped') => outcomes.reduce((total, outcome) => total + outcome[name], 0)
  const [passed, failed, skipped] = [sum('passed'), sum('failed'), sum('skipped')]
  for (const failure of outcomes.flatMap(({ failures }) => failures)) process.stdout.write(`FAILED ${failure}\n\n`)
  if (!isComplete) process.stdout.write('!! The tests with real servers were SKIPPED, see above.\n')
  process.stdout.write(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`)
  const isWhole = skipped === 0 || !process.env.CI
  return outcomes.every(({ succeeded }) => succeeded) && failed === 0 && passed > 0 && isWhole
}
