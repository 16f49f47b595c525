import { AppError, createClient } from '@imagehost/client'

const { IMAGEHOST_URL = 'http://localhost:8000', IMAGEHOST_API_KEY = '' } = process.env
const client = createClient({ baseUrl: IMAGEHOST_URL, apiKey: IMAGEHOST_API_KEY })

try {
  await client.upload(new TextEncoder().encode('<svg onload="alert(1)"/>'), { signal: AbortSignal.timeout(30_000) })
} catch (error) {
  if (!(error instanceof AppError)) throw error
  console.log(`${error.code}: ${error.message} ${error.cure}`)
}
