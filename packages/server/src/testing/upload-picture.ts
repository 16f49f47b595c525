import type { Image } from '@imagehost/client'
import type { UploadOptions } from '@imagehost/contract/uploads'
import type { TestApp, TestUser } from './start-test-app.ts'

/** Uploads bytes in one request, as `curl --data-binary` would. Throws what the server said if it refuses. */
export async function uploadPicture(
  app: Pick<TestApp, 'fetch'>,
  user: Pick<TestUser, 'apiKey'>,
  bytes: Buffer,
  options: UploadOptions = {},
): Promise<Image & { duplicate?: true }> {
  const query = new URLSearchParams(Object.entries(options).map(([name, value]) => [name, String(value)]))
  const response = await app.fetch(`http://images.test/api/v1/upload?${query}`, {
    method: 'POST',
    headers: { 'x-api-key': user.apiKey, 'content-type': 'application/octet-stream' },
    body: new Uint8Array(bytes),
  })
  const body = await response.json()
  if (!response.ok) throw Object.assign(new Error(body.error.message), { status: response.status, ...body.error })
  return body
}
