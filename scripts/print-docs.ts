import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { documents } from './docs.ts'

const root = path.resolve(import.meta.dirname, '..')
for (const [name, print] of Object.entries(documents)) {
  writeFileSync(path.join(root, name), print())
  process.stdout.write(`${name}\n`)
}
