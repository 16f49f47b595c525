import type { TestApp } from './start-test-app.ts'

interface PageRequest {
  cookie?: string
  body?: object
  headers?: Record<string, string>
}

interface PageAnswer {
  status: number
  // biome-ignore lint/suspicious/noExplicitAny: whatever the answer is, each test names what it expects of it.
  body: any
  /** The cookie that was set, if one was. */
  set: string | null
}

/**
 * As a page of the server itself asks: with its cookie, and the header by which browsers say where that comes from. Other
 * headers make it a page elsewhere.
 */
export async function askAsPage(
  app: TestApp,
  method: string,
  path: string,
  { cookie, body, headers = sameOrigin }: PageRequest = {},
): Promise<PageAnswer> {
  const response = await app.fetch(`http://images.test/api/v1${path}`, {
    method,
    headers: {
      ...headers,
      ...(cookie !== undefined && { cookie }),
      ...(body && { 'content-type': 'application/json' }),
    },
    ...(body && { body: JSON.stringify(body) }),
  })
  return { status: response.status, body: await response.json(), set: response.headers.get('set-cookie') }
}

export const sameOrigin = { 'sec-fetch-site': 'same-origin' }

export const cookieOf = ({ set }: PageAnswer): string => set!.split(';')[0]!
