import { createHmac } from 'node:crypto'
import { type Clock, unixSeconds } from '../../ports/clock.ts'
import type { Webhook } from '../../ports/webhook.ts'

interface WebhookDependencies {
  /** The operator's own, so it may also be on this machine or in this network. */
  url: string
  secret: string
  /** For everything, from connecting to the status. */
  timeoutMs: number
  clock: Clock
}

/**
 * POSTs with a signature over time and body, so that the receiver knows who it comes from, and that nobody sends an old one
 * again (replay). Redirects are not followed: the secret was agreed upon with this address.
 */
export function createWebhook({ url, secret, timeoutMs, clock }: WebhookDependencies): Webhook {
  return {
    async send(json) {
      const timestamp = String(unixSeconds(clock))
      const signature = createHmac('sha256', secret).update(`${timestamp}.${json}`).digest('hex')
      const response = await fetch(url, {
        method: 'POST',
        redirect: 'manual',
        signal: AbortSignal.timeout(timeoutMs),
        headers: {
          'content-type': 'application/json',
          'user-agent': 'ImageHost',
          'x-imagehost-timestamp': timestamp,
          'x-imagehost-signature': `sha256=${signature}`,
        },
        body: json,
      })
      await response.body?.cancel()
      if (!response.ok) throw new Error(`The webhook answered ${response.status}.`)
    },
  }
}
