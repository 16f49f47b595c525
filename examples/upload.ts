import { createClient } from '@imagehost/client/node'

const { IMAGEHOST_URL = 'http://localhost:8000', IMAGEHOST_API_KEY = '' } = process.env
const client = createClient({ baseUrl: IMAGEHOST_URL, apiKey: IMAGEHOST_API_KEY })

const image = await client.upload(process.argv[2] ?? 'picture.jpg', {
  title: 'In the garden',
  tags: 'cat, garden',
  visibility: 'unlisted',
  expires_in: 7 * 86_400,
  onProgress: ({ stage, sentBytes, totalBytes }) => console.error(stage, `${sentBytes} of ${totalBytes} bytes`),
})
console.log(image.links.markdown)
