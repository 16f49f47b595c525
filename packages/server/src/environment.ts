import { existsSync, readFileSync } from 'node:fs'
import { parseDotEnv } from './dot-env.ts'

/** Brings the variables of `.env` in the present folder into the environment, which wins over the file. */
export function loadEnvironment(): void {
  const file = existsSync('.env') ? parseDotEnv(readFileSync('.env', 'utf8'), process.env) : {}
  for (const [name, value] of Object.entries(file)) process.env[name] ??= value
}
