import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'

/** The map of the house: which rooms, and which libraries, each room may import. Everything else is a wall. */
const rooms: Record<string, { rooms: readonly string[]; libraries: readonly string[] }> = {
  contract: { rooms: [], libraries: ['typebox'] },
  client: { rooms: ['contract'], libraries: [] },
  cli: { rooms: ['client', 'contract'], libraries: [] },
  web: {
    rooms: ['client', 'contract'],
    libraries: ['react', 'react-dom', 'wouter', '@tanstack/react-query', 'thumbhash', 'uqr'],
  },
  'server/ports': { rooms: ['contract'], libraries: [] },
  'server/imaging': { rooms: ['contract'], libraries: ['sharp', 'libheif-js', 'uqr'] },
  'server/services': {
    rooms: ['contract', 'server/ports', 'server/imaging'],
    libraries: ['lru-cache', '@zxcvbn-ts/language-common'],
  },
  'server/http': {
    rooms: ['contract', 'server/ports', 'server/services'],
    libraries: [
      'fastify',
      'fast-json-stringify',
      'typebox',
      'prom-client',
      'secure-json-parse',
      '@fastify/busboy',
      'client-zip',
    ],
  },
  'server/jobs': { rooms: ['contract', 'server/ports', 'server/services', 'server/imaging'], libraries: [] },
  'server/operations': { rooms: ['contract', 'server/ports', 'server/services', 'server/imaging'], libraries: [] },
  'server/infrastructure/sqlite': { rooms: ['contract', 'server/ports'], libraries: [] },
  'server/infrastructure/redis': { rooms: ['contract', 'server/ports'], libraries: ['redis'] },
  'server/infrastructure/filesystem': { rooms: ['contract', 'server/ports'], libraries: [] },
  'server/infrastructure/s3': {
    rooms: ['contract', 'server/ports'],
    libraries: ['@aws-sdk/client-s3', '@aws-sdk/credential-providers', '@smithy/node-http-handler', '@smithy/types'],
  },
  'server/infrastructure/clamd': { rooms: ['contract', 'server/ports'], libraries: [] },
  'server/infrastructure/webhook': { rooms: ['contract', 'server/ports'], libraries: [] },
  'server/infrastructure/cdn': { rooms: ['contract', 'server/ports'], libraries: [] },
  'server/infrastructure/http-fetcher': { rooms: ['contract', 'server/ports'], libraries: [] },
  'server/config-variables': { rooms: [], libraries: [] },
  // The composition root sees everything.
  server: {
    rooms: [
      'server/config-variables',
      'contract',
      'server/http',
      'server/jobs',
      'server/operations',
      'server/ports',
      'server/services',
      'server/imaging',
    ].concat(
      ['sqlite', 'redis', 'filesystem', 's3', 'http-fetcher', 'clamd', 'webhook', 'cdn'].map(
        (adapter) => `server/infrastructure/${adapter}`,
      ),
    ),
    libraries: ['pino', 'fastify'],
  },
}

const packages = path.resolve(import.meta.dirname, 'packages')
/** What ships: tests and what only they use may look everywhere. */
const files = globSync('*/src/**/*.{ts,tsx}', { cwd: packages }).filter(
  (name) =>
    !/\.(test|conformance)\.tsx?$/.test(name) && !/\/(testing|crash|flask)\//.test(name) && !/start-test-/.test(name),
)

/** `packages/server/src/infrastructure/redis/images.ts` → `server/infrastructure/redis`. */
function roomOf(file: string): string {
  const [name, , room, ...rest] = path.relative(packages, file).split(path.sep)
  if (name !== 'server' || rest.length === 0) return name!
  return room === 'infrastructure' ? `server/infrastructure/${rest[0]}` : `server/${room}`
}

/** Static imports and re-exports, and dynamic imports of a literal. */
const importPattern = /^(?:import|export)\b(?:[^'"`;]*?\bfrom)?\s*'([^']+)'|\bimport\('([^']+)'/gm

function importsOf(file: string): string[] {
  const text = readFileSync(path.join(packages, file), 'utf8')
  return [...text.matchAll(importPattern)].map(([, from, dynamic]) => (from ?? dynamic)!)
}

test.each(files)('%s keeps to its room', (name) => {
  const file = path.join(packages, name)
  const room = roomOf(file)
  const allowed = rooms[room]
  expect(allowed, `${room} is no room of the map`).toBeDefined()
  for (const specifier of importsOf(name)) {
    if (specifier.startsWith('node:')) continue
    if (specifier.startsWith('.') || specifier.startsWith('@imagehost/')) {
      const target = specifier.startsWith('.')
        ? roomOf(path.resolve(path.dirname(file), specifier))
        : specifier.split('/')[1]!
      expect([room, ...allowed!.rooms], `${room} may not import ${target} ('${specifier}')`).toContain(target)
    } else {
      const library = specifier
        .split('/')
        .slice(0, specifier.startsWith('@') ? 2 : 1)
        .join('/')
      expect(allowed!.libraries, `${room} may not import ${library}`).toContain(library)
    }
  }
})

test('no imports run in a circle', () => {
  const graph = new Map(files.map((name) => [path.join(packages, name), relativeImports(name)]))
  const done = new Set<string>()
  const visit = (file: string, trail: readonly string[]): void => {
    expect(trail, [...trail, file].map((step) => path.relative(packages, step)).join(' → ')).not.toContain(file)
    if (done.has(file)) return
    for (const next of graph.get(file) ?? []) visit(next, [...trail, file])
    done.add(file)
  }
  for (const file of graph.keys()) visit(file, [])
})

const relativeImports = (name: string): string[] =>
  importsOf(name)
    .filter((specifier) => specifier.startsWith('.'))
    .map((specifier) => path.resolve(packages, path.dirname(name), specifier))

test.each(files.filter((name) => name.startsWith('web/src/features/')))('%s imports no other feature', (name) => {
  const feature = name.split('/')[3]
  for (const specifier of importsOf(name)) {
    const [, other] = /^\.\.\/(\w[^/]*)\//.exec(specifier) ?? []
    expect(other === undefined || other === feature, `${feature} may not import ${specifier}`).toBe(true)
  }
})

test('whatever is exported is used somewhere else, or by a test of its own', () => {
  const everywhere = globSync('{packages,bench,scripts,deploy}/**/*.{ts,tsx}', {
    cwd: import.meta.dirname,
    exclude: (name) => name === 'node_modules' || name === 'dist',
  })
  const words = everywhere.map(
    (name) => new Set(readFileSync(path.join(import.meta.dirname, name), 'utf8').match(/\w+/g)),
  )
  for (const [at, name] of everywhere.entries()) {
    const text = readFileSync(path.join(import.meta.dirname, name), 'utf8')
    for (const [, exported] of text.matchAll(exportPattern)) {
      const isUsed = words.some((used, other) => other !== at && used.has(exported!))
      expect(isUsed, `${name}: nobody else uses ${exported}`).toBe(true)
    }
  }
})

const exportPattern = /^export (?:async )?(?:const|function\*?|class|type|interface) (\w+)/gm

test('no source file is longer than 400 lines', () => {
  for (const name of files) {
    expect(readFileSync(path.join(packages, name), 'utf8').split('\n').length, name).toBeLessThanOrEqual(400)
  }
})
