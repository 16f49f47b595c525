import { createHash } from 'node:crypto'
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { brotliCompressSync } from 'node:zlib'

/** Builds the page into `packages/web/dist`; does nothing while nothing that it is made of has changed. */
const root = path.resolve(import.meta.dirname, '..')
const web = path.join(root, 'packages/web')
const mark = path.join(web, 'dist', '.built')

const parts = [
  'packages/{web,client,contract}/src/**/*.{ts,tsx,css}',
  'packages/web/{public/*,index.html,service-worker.js,*.ts,package.json}',
  'packages/design/*.css',
]
const hash = createHash('sha256')
for (const name of parts.flatMap((part) => globSync(part, { cwd: root })).sort()) {
  if (/\.test\.tsx?$/.test(name)) continue
  hash.update(name).update(readFileSync(path.join(root, name)))
}
const wanted = hash.digest('hex')

if (!existsSync(mark) || readFileSync(mark, 'utf8') !== wanted) {
  process.stderr.write('Building the page; this happens once…\n')
  const { build } = await import('vite')
  await build({ root: web, configFile: path.join(web, 'vite.config.ts'), logLevel: 'warn' })
  // Once here, and not by each server that starts; as small as it gets, since it takes only seconds.
  for (const name of globSync('dist/**/*.{js,css,html,svg,webmanifest}', { cwd: web })) {
    const file = path.join(web, name)
    writeFileSync(`${file}.br`, brotliCompressSync(readFileSync(file)))
  }
  writeFileSync(mark, wanted)
}
