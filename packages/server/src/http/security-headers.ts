import type { FastifyInstance } from 'fastify'

type Headers = Readonly<Record<string, string>>

/** A year, for subdomains too: what OWASP ASVS 5.0 asks for (3.4.1). */
const strictTransport = 'max-age=31536000; includeSubDomains'

/** What a browser could be asked for in the name of a page here, and no page here needs. */
const permissions =
  'accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), usb=(), xr-spatial-tracking=()'

/**
 * For every answer of our own, from the OWASP secure headers list. `Cross-Origin-Embedder-Policy` is not among them: it
 * would keep a page from showing pictures of a bucket that sends no `Cross-Origin-Resource-Policy`.
 */
export const answerHeaders = (publicUrl: string | undefined): Headers => ({
  ...transportHeaders(publicUrl),
  'content-security-policy': "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  // For browsers that don't know `frame-ancestors`.
  'x-frame-options': 'DENY',
  'x-permitted-cross-domain-policies': 'none',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': permissions,
  'cache-control': 'no-store',
})

/** For bytes and for redirects to them, which other sites may show. */
export const embeddableHeaders = (publicUrl: string | undefined): Headers => ({
  ...transportHeaders(publicUrl),
  'cross-origin-resource-policy': 'cross-origin',
})

const transportHeaders = (publicUrl: string | undefined): Headers => ({
  'x-content-type-options': 'nosniff',
  // Addresses of unlisted images are secrets, so other sites don't hear them. `no-referrer` would also hide the `Origin`
  // of our own forms, by which `same-origin.ts` knows them.
  'referrer-policy': 'same-origin',
  // Without PUBLIC_URL nobody said that the certificate is there to stay, and a browser would not forget.
  ...(publicUrl?.startsWith('https:') && { 'strict-transport-security': strictTransport }),
})

/** Gives every answer that the framework sends those headers that its route did not choose itself. */
export function secureAnswers(app: FastifyInstance, headers: Headers): void {
  const defaults = Object.entries(headers)
  app.addHook('onSend', (_request, reply, payload, done) => {
    for (const [name, value] of defaults) if (!reply.hasHeader(name)) reply.header(name, value)
    done(null, payload)
  })
}
