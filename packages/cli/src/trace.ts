/** A fetch that tells of each exchange. Keys, passwords and signatures stay out of it: such output ends up in bug reports. */
export function traced(fetch: typeof globalThis.fetch, tell: (line: string) => void): typeof globalThis.fetch {
  return async (input, init) => {
    const started = performance.now()
    const took = () => `${Math.round(performance.now() - started)} ms`
    const request = `${init?.method ?? 'GET'} ${masked(String(input))}`
    tell(`> ${request}`)
    for (const [name, value] of new Headers(init?.headers)) {
      tell(`>   ${name}: ${secretHeaders.includes(name) ? maskedKey(value) : value}`)
    }
    try {
      const response = await fetch(input, init)
      tell(`< ${response.status} after ${took()}`)
      return response
    } catch (error) {
      const { message, cause } = error as Error
      tell(`< ${message}${cause instanceof Error ? ` (${cause.message})` : ''} after ${took()}`)
      throw error
    }
  }
}

const secretHeaders: readonly string[] = ['x-api-key', 'authorization', 'cookie']

/** Enough to tell two keys apart, and too little to guess the rest. */
const maskedKey = (key: string): string => `${key.slice(0, 6)}…`

/** Presigned addresses let anybody in who has them, and deletion links delete. */
const masked = (address: string): string =>
  address.replace(/([?&](?:[^=&]*(?:sig|signature|token|credential|key))=)[^&]*/gi, '$1…')
