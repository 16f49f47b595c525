import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { installMissing } from './debian-packages.ts'

/**
 * `npm test`: types, style, then every test. Real Redis, Redis Cluster and S3 are brought up by the tests themselves.
 * Where their programs are missing and cannot be installed, those tests are left out, loudly; never where CI is set.
 * Arguments are handed to Vitest: `npm test -- packages/server/src/http`.
 */
const directory = mkdtempSync(path.join(tmpdir(), 'imagehost-test-'))
try {
  process.exitCode = run()
} finally {
  rmSync(directory, { recursive: true, force: true })
}

function run(): number {
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
  const report = path.join(directory, 'report.json')
  const projects = isComplete ? [] : ['--project', 'unit']
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
  const { status } = spawnSync('vitest', ['run', ...projects, ...reporters, ...process.argv.slice(2)], {
    stdio: 'inherit',
  })
  return summarise(report, isComplete) && status === 0 ? 0 : 1
}

/** The closing line, and whether it may be called a success. */
function summarise(report: string, isComplete: boolean): boolean {
  const {
    numPassedTests: passed,
    numFailedTests: failed,
    numPendingTests: pending,
    numTodoTests: todo,
  } = JSON.parse(readFileSync(report, 'utf8')) as Record<string, number>
  const skipped = (pending ?? 0) + (todo ?? 0)
  if (!isComplete) process.stdout.write('!! The tests with real servers were SKIPPED, see above.\n')
  process.stdout.write(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`)
  return failed === 0 && passed! > 0 && (skipped === 0 || !process.env.CI)
}
