// Runs before `npm start` and `npm test`, on whatever Node the machine has, so plain JavaScript without imports of ours.
// Installs what package-lock.json asks for and does nothing the second time.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'

const quietly = ['--no-audit', '--no-fund', '--loglevel=error']
const [major] = process.versions.node.split('.').map(Number)
const root = path.resolve(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname), '..')
const lock = readFileSync(path.join(root, 'package-lock.json'))
const wanted = createHash('sha256').update(lock).update(process.platform).update(process.arch).digest('hex')
const mark = path.join(root, 'node_modules', '.imagehost-installed')

if (!existsSync(mark) || readFileSync(mark, 'utf8') !== wanted) {
  process.stderr.write('Installing what is missing; this happens once…\n')
  // npm hands its own path on; without it (another package manager) the one in PATH is taken.
  const npm = process.env.npm_execpath?.endsWith('npm-cli.js') ? [process.execPath, process.env.npm_execpath] : ['npm']
  const { status } = spawnSync(npm[0], [...npm.slice(1), ...borrowed(), 'ci', ...quietly], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  if (status !== 0) {
    process.stderr.write('npm ci failed; see above. Is the npm registry reachable from here?\n')
    process.exit(1)
  }
  writeFileSync(mark, wanted)
}

// The runtime comes with the workspace; where there is none for this platform, the machine's own must do.
const bundled = path.join(root, 'node_modules', '.bin', process.platform === 'win32' ? 'node.cmd' : 'node')
if (!existsSync(bundled) && major < 24) {
  process.stderr.write(
    `Node ${process.versions.node} is too old here; install Node 24 or later, then run this again.\n`,
  )
  process.exit(1)
}

// The page is there before the server, or the tests that look at it, are.
if (['prestart', 'pretest', 'prescreenshots', 'prebench:page'].includes(process.env.npm_lifecycle_event)) {
  const node = existsSync(bundled) ? bundled : process.execPath
  const { status } = spawnSync(
    node,
    ['--disable-warning=ExperimentalWarning', path.join(root, 'scripts', 'build-web.ts')],
    {
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  )
  if (status !== 0) {
    process.stderr.write('The page could not be built; see above.\n')
    process.exit(1)
  }
}

// Private pictures and the secret are for nobody else on this machine. Before Node puts its compiled code there.
if (process.env.npm_lifecycle_event === 'prestart') {
  mkdirSync(path.resolve(root, process.env.DATA_DIR || 'data'), { recursive: true, mode: 0o700 })
}

/**
 * npm 9 and Node 18, those of Debian 12 and Ubuntu 24.04, leave out what is made for one C library, or for a later Node: the
 * runtime and sharp. So there a later npm is run by the very runtime that comes with the workspace.
 */
function borrowed() {
  const npmMajor = Number(/npm\/(\d+)/.exec(process.env.npm_config_user_agent ?? '')?.[1] ?? 10)
  const { optionalDependencies } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'))
  const runtime = Object.entries(optionalDependencies).find(([name]) =>
    name.endsWith(`${process.platform}-${process.arch}`),
  )
  if (!runtime || (npmMajor >= 10 && major >= 20)) return []
  return ['exec', '--yes', '--loglevel=error', '--package=npm@11.21.2', `--package=${runtime.join('@')}`, '--', 'npm']
}
