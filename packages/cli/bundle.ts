import { chmodSync, rmSync } from 'node:fs'
import path from 'node:path'
import { build } from 'rolldown'

/** Everything in one file that Node 22 runs as it is; parts that a command does not need are not evaluated. */
const directory = path.join(import.meta.dirname, 'dist')
const file = path.join(directory, 'imagehost.js')

rmSync(directory, { recursive: true, force: true })
await build({
  input: path.join(import.meta.dirname, 'src', 'main.ts'),
  platform: 'node',
  logLevel: 'warn',
  output: { file, format: 'esm', codeSplitting: false, minify: true, comments: false },
})
chmodSync(file, 0o755)
