import { api, type Route } from '@imagehost/contract'
import type { Plugin } from 'vite'

const name = '@imagehost/contract'
const virtual = '\0slim-contract'

/**
 * The SDK reads method and path of each route; the schemas beside them, and the library that makes them, weigh more than all
 * else of the page together. So the page gets the table without them, printed when it is built.
 */
export function slimContract(): Plugin {
  const table = Object.fromEntries(
    Object.entries(api).map(([noun, routes]) => [
      noun,
      Object.fromEntries(Object.entries<Route>(routes).map(([row, route]) => [row, slim(route)])),
    ]),
  )
  return {
    name: 'slim-contract',
    enforce: 'pre',
    resolveId: (id) => (id === name ? virtual : undefined),
    // What to do about an error is for programs and their authors; the page shows what happened.
    transform: (code, id) =>
      id.endsWith('/contract/src/errors.ts') ? code.replace(/cure: '(?:[^'\\]|\\.)*'/g, "cure: ''") : undefined,
    load: (id) =>
      id === virtual
        ? `export const api = ${JSON.stringify(table)}
export * from '${name}/errors'
export * from '${name}/formats'`
        : undefined,
  }
}

const slim = ({ method, path, raw, repeatable }: Route) => ({
  method,
  path,
  ...(raw && { raw: {} }),
  ...(repeatable && { repeatable }),
})
