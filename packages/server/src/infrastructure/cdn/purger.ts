import type { Purger } from '../../ports/purger.ts'

/**
 * By one POST of `{"tags":[…]}`, which is what the purge calls of CDNs take that know tags: answers carry them in `Cache-Tag`.
 * The address is the administrator's, so it may be anywhere.
 */
export function createCdnPurger(deps: { url: string; token?: string | undefined; timeoutMs: number }): Purger {
  const { url, token, timeoutMs } = deps
  return {
    async purge(imageIds) {
      const answer = await fetch(url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
        },
        body: JSON.stringify({ tags: imageIds }),
        // Elsewhere it would take the token along.
        redirect: 'error',
        signal: AbortSignal.timeout(timeoutMs),
      })
      await answer.body?.cancel()
      if (!answer.ok) throw new Error(`The purge call was answered ${answer.status}.`)
    },
  }
}
