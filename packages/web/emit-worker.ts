import { hash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { Plugin } from 'vite'

/** The service worker at the root, where its scope is the whole page, with the name of this build in it. */
export const emitWorker = (): Plugin => ({
  name: 'emit-worker',
  generateBundle(_, bundle) {
    const build = hash('sha256', Object.keys(bundle).sort().join(), 'hex').slice(0, 12)
    const source = readFileSync(path.join(import.meta.dirname, 'service-worker.js'), 'utf8')
    this.emitFile({ type: 'asset', fileName: 'sw.js', source: source.replaceAll('BUILD', build) })
  },
})
