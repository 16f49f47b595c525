import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { cpus, loadavg } from 'node:os'
import { join } from 'node:path'
import { ensurePrograms } from './programs.ts'
import { printTable, type Result, type Scenario } from './result.ts'

/** `npm run bench`, or `npm run bench -- scenario …`: measures, prints a table and keeps it in `results/`. */
const maxMinutes = 12

const folder = import.meta.dirname
const names = (await readdir(join(folder, 'scenarios'))).map((file) => file.replace(/\.ts$/, '')).sort()
const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !names.includes(name))
if (unknown.length > 0) {
  console.error(`There is no scenario ${unknown.join(', ')}; there are ${names.join(', ')}.`)
  process.exit(2)
}
ensurePrograms()

const started = new Date()
const results: Result[] = []
const failures: string[] = []
setTimeout(() => finish([`More than ${maxMinutes} minutes; the rest was not run.`]), maxMinutes * 60_000).unref()
for (const name of wanted.length > 0 ? wanted : names) {
  const { scenario } = (await import(`./scenarios/${name}.ts`)) as { scenario: Scenario }
  console.error(`${name}: ${scenario.summary}`)
  try {
    results.push(...(await scenario.run()))
  } catch (error) {
    failures.push(`${name}: ${error instanceof Error ? error.stack : error}`)
    console.error(failures.at(-1))
  }
}
await finish(failures)

async function finish(failed: readonly string[]): Promise<never> {
  const seconds = Math.round((Date.now() - started.getTime()) / 1000)
  const machine = { cores: cpus().length, model: cpus()[0]?.model, load: loadavg(), node: process.version }
  await mkdir(join(folder, 'results'), { recursive: true })
  const report = { started, seconds, machine, results, failed }
  const file = join(folder, 'results', `${started.toISOString().replaceAll(':', '-')}.json`)
  await writeFile(file, `${JSON.stringify(report, undefined, 2)}\n`)
  console.log(printTable(results))
  for (const line of failed) console.log(line)
  console.log(`${seconds} s; kept in ${file}`)
  process.exit(failed.length > 0 ? 1 : 0)
}
