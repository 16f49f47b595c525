import { request } from 'node:http'
import { afterEach, expect, test } from 'vitest'
import { type PicgoFile, startPicgo } from './picgo.ts'

const closing: (() => void)[] = []
afterEach(() => {
  for (const close of closing.splice(0)) close()
})

/** As `upload` would answer, with what was asked for written down. */
async function start(fails = false) {
  const asked: PicgoFile[][] = []
  const { url, server } = await startPicgo({
    port: 0,
    upload: async (files) => {
      asked.push([...files])
      if (fails) throw new Error('cat.png: no picture')
      return files.map((_, index) => `https://img.test/i/${index}.png`)
    },
  })
  closing.push(() => {
    server.closeAllConnections()
    server.close()
  })
  const post = async (path: string, body?: BodyInit, headers: Record<string, string> = {}) => {
    const response = await fetch(url + path, { method: 'POST', headers, ...(body !== undefined && { body }) })
    return { status: response.status, body: await response.json() }
  }
  return { asked, post, url }
}

const json = { 'content-type': 'application/json' }

test('paths, as Typora and Obsidian on a desktop send them', async () => {
  const { asked, post } = await start()
  const list = ['/home/me/a b.png', 'C:\\Users\\me\\b.png']
  expect(await post('/upload', JSON.stringify({ list }), json)).toEqual({
    status: 200,
    body: {
      success: true,
      result: ['https://img.test/i/0.png', 'https://img.test/i/1.png'],
      fullResult: [
        { imgUrl: 'https://img.test/i/0.png', type: 'imagehost' },
        { imgUrl: 'https://img.test/i/1.png', type: 'imagehost' },
      ],
    },
  })
  expect(asked).toEqual([list.map((path) => ({ path }))])
})

test.each(['files', 'list'])('files as multipart, in the field %s', async (field) => {
  const { asked, post } = await start()
  const form = new FormData()
  form.append(field, new File(['one'], 'one.png'))
  form.append(field, new File(['two'], 'two.png'))
  const { body } = await post('/upload', form)
  expect(body).toMatchObject({ success: true, result: { length: 2 } })
  expect(asked[0]!.map((given) => 'file' in given && given.file.name)).toEqual(['one.png', 'two.png'])
})

test('nothing, or an empty object, is the clipboard', async () => {
  const { asked, post } = await start()
  await post('/upload')
  await post('/upload', '{}', json)
  expect(asked).toEqual([[{ clipboard: true }], [{ clipboard: true }]])
})

test('a heartbeat is answered', async () => {
  const { post } = await start()
  expect(await post('/heartbeat')).toEqual({ status: 200, body: { success: true, result: 'alive' } })
})

test.each([
  ['no JSON', 'list', 400],
  ['no list', '{"list":"a.png"}', 400],
  ['other things in the list', '{"list":[1]}', 400],
])('%s is refused as PicGo does', async (_, body, status) => {
  const { post, asked } = await start()
  expect(await post('/upload', body, json)).toEqual({
    status,
    body: { success: false, result: [], message: expect.any(String) },
  })
  expect(asked).toEqual([])
})

test('what fails is told, and none of its neighbours is taken for it', async () => {
  const { post } = await start(true)
  expect(await post('/upload', '{"list":["cat.png"]}', json)).toEqual({
    status: 500,
    body: { success: false, result: [], message: 'cat.png: no picture' },
  })
})

test.each([
  ['a page', { origin: 'https://evil.test' }],
  ['a page in a sandbox', { origin: 'null' }],
  ['a page on this machine', { origin: 'http://localhost:3000' }],
])('%s may not have files of this machine uploaded', async (_, headers) => {
  const { post, asked } = await start()
  // Without a preflight: any page may send this.
  const { status } = await post('/upload', '{"list":["/etc/secret.png"]}', { ...headers, 'content-type': 'text/plain' })
  expect(status).toBe(403)
  expect(asked).toEqual([])
})

test('a name that was turned to this machine is no way in', async () => {
  const { asked, url } = await start()
  const status = await new Promise((resolve) => {
    request(`${url}/upload`, { method: 'POST', headers: { host: 'rebound.evil.test' } }, (response) => {
      response.resume()
      resolve(response.statusCode)
    }).end()
  })
  expect(status).toBe(403)
  expect(asked).toEqual([])
})

test('applications with a scheme of their own are let in', async () => {
  const { post } = await start()
  expect((await post('/heartbeat', '', { origin: 'app://obsidian.md' })).status).toBe(200)
})
