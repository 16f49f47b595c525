import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

interface WrkOptions {
  url: string
  connections: number
  headers?: Record<string, string>
  /** Lua that defines `request`, for requests that differ from one another; see wrk's SCRIPTING. */
  lua?: string
}

/**
 * Loads a server with wrk, of one thread since the server needs the other core. Answers how many requests were served;
 * throws if any was refused, because a refusal is cheaper than the work that is measured.
 */
export async function wrk({ url, connections, headers = {}, lua }: WrkOptions, seconds: number): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'imagehost-wrk-'))
  try {
    const script = join(folder, 'load.lua')
    if (lua !== undefined) await writeFile(script, lua)
    const { stdout } = await promisify(execFile)('wrk', [
      ...['-t1', `-c${connections}`, `-d${seconds}s`, '--timeout', '30s'],
      ...Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`]),
      ...(lua === undefined ? [] : ['-s', script]),
      url,
    ])
    if (/Non-2xx|Socket errors/.test(stdout)) throw new Error(`Requests to ${url} failed:\n${stdout}`)
    return Number(/(\d+) requests in/.exec(stdout)?.[1])
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** Lua that takes one path after the other, from the start again when all were asked. */
export const pathsInTurn = (paths: readonly string[]): string => `
local paths = { ${paths.map((path) => `'${path}'`).join(', ')} }
local at = math.random(#paths)
function request()
  at = at % #paths + 1
  return wrk.format('GET', paths[at])
end`
