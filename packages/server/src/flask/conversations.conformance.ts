import { expect } from 'vitest'
import { pictures } from '../testing/pictures.ts'
import { openRecording, type Recording } from '../testing/recorded-requests.ts'

/** Both clients of the Flask project, from the first account to the last delete, against a server that listens. */
export const conversations = {
  'its command line': { name: 'flask-cli', mime: 'image/jpeg', extension: 'jpg', filename: 'my-holiday.jpg' },
  'its page': { name: 'flask-page', mime: 'image/png', extension: 'png', filename: 'gru-e-aus-koln.png' },
} as const

export type Client = (typeof conversations)[keyof typeof conversations]

const json = 'application/json; charset=utf-8'

/** Everything that the client sends, in its order; the answers have the statuses, codes and types that it was written for. */
export async function converse({ name, mime, extension, filename }: Client, address: string): Promise<void> {
  const say = await openRecording(name)
  const who = { username: name, password: 'a long one of theirs' }

  const apiKey = await credentials(say, address, who)
  const key = { api_key: apiKey }
  const { iid, url, key: blobKey, ...begun } = await beginUpload(say, address, key)
  expect(begun.filename).toBe(filename)

  // Where the bytes go, nothing of ours may be needed: no key, no header beside the type.
  const picture = mime === 'image/png' ? await pictures.png({ seed: 90 }) : await pictures.jpeg({ seed: 90 })
  const put = await say('put', url.origin, { path: url.pathname + url.search, origin: new URL(address).host, picture })
  expect({ status: put.status, body: put.body.toString() }).toEqual({ status: 200, body: '' })

  const complete = await say('complete', address, { ...key, iid, key: blobKey, filename: begun.filename })
  expect(complete.status).toBe(201)
  expect(complete.json()).toMatchObject({ id: iid, url: `${address}/i/${iid}.${extension}` })
  expect(complete.json()).not.toHaveProperty('data')

  const before = Math.floor(Date.now() / 1000) - 600
  const list = await say('list', address, key)
  expect({ status: list.status, type: list.headers.get('content-type') }).toEqual({ status: 200, type: json })
  expect(Object.keys(list.json())).toEqual(['items'])
  const [item] = list.json().items as Record<string, unknown>[]
  expect(item).toMatchObject({ id: iid, key: blobKey, mime, private: 0, views: 0, filename: begun.filename })
  expect(item).toMatchObject({ owner_uid: (blobKey as string).split('/')[1], url: `${address}/i/${iid}.${extension}` })
  expect(Number.isInteger(item!.created_at) && (item!.created_at as number) > before).toBe(true)

  const shown = await fetch(item!.url as string)
  expect({ status: shown.status, type: shown.headers.get('content-type') }).toEqual({ status: 200, type: mime })

  const open = await say('open', address, { iid })
  expect(open.status).toBe(302)
  const there = new URL(open.headers.get('location')!)
  const follow = { path: there.pathname + there.search, origin: new URL(address).host }
  const bytes = await say('follow', there.origin, follow)
  expect({ status: bytes.status, type: bytes.headers.get('content-type') }).toEqual({ status: 200, type: mime })
  expect(bytes.body.length).toBe(item!.size)

  const gone = await say('delete', address, { ...key, iid })
  expect({ status: gone.status, body: gone.json() }).toEqual({ status: 200, body: { status: 'deleted', id: iid } })
  expectError(await say('delete-again', address, { ...key, iid }), 404, 'not_found')
  expectError(await say('open', address, { iid }), 404, 'not_found')
  expect((await say('list', address, key)).json()).toEqual({ items: [] })
}

/** What both were told when something was wrong. */
export async function beRefused({ name }: Client, address: string): Promise<void> {
  const say = await openRecording(name)
  const who = { username: `${name}-refused`, password: 'a long one of theirs' }
  const [mine, other] = [
    { api_key: await credentials(say, address, who) },
    { api_key: await credentials(say, address, { ...who, username: `${name}-other` }) },
  ]
  expectError(await say('register', address, who), 409, 'conflict')
  expectError(await say('register', address, { ...who, username: 'x' }), 400, 'validation')
  expectError(await say('login', address, { ...who, password: 'another' }), 401, 'auth')
  expectError(await say('login', address, { ...who, username: 'nobody-at-all' }), 401, 'auth')
  for (const step of ['request', 'complete', 'list', 'delete']) {
    expectError(await say(step, address, { iid: 'img_none', api_key: 'none' }), 401, 'auth')
  }

  const { iid, url, key, filename } = await beginUpload(say, address, mine)
  const hints = { iid, key, filename }
  expectError(await say('complete', address, { ...mine, ...hints }), 404, 'not_found')
  expectError(await say('complete', address, { ...other, ...hints }), 404, 'not_found')
  const put = { path: url.pathname + url.search, origin: new URL(address).host }
  const picture = name === 'flask-page' ? await pictures.png({ seed: 91 }) : await pictures.jpeg({ seed: 91 })
  expect((await say('put', url.origin, { ...put, picture })).status).toBe(200)
  expect((await say('complete', address, { ...mine, ...hints })).status).toBe(201)
  expectError(await say('delete', address, { ...other, iid }), 403, 'forbidden')

  const html = await beginUpload(say, address, mine)
  const page = { path: html.url.pathname + html.url.search, origin: new URL(address).host }
  await say('put', html.url.origin, { ...page, picture: Buffer.from('<!doctype html><script>alert(1)</script>') })
  expectError(
    await say('complete', address, { ...mine, iid: html.iid, key: html.key, filename: html.filename }),
    415,
    'unsupported_type',
  )
  expectError(await say('delete', address, { ...mine, iid: html.iid }), 404, 'not_found')
}

/** Registers, then logs in: the second key works like the first. */
async function credentials(
  say: Recording,
  address: string,
  who: { username: string; password: string },
): Promise<string> {
  const keys = []
  for (const step of ['register', 'login']) {
    const answer = await say(step, address, who)
    expect({ status: answer.status, type: answer.headers.get('content-type') }).toEqual({ status: 200, type: json })
    expect(answer.json()).toEqual({ api_key: expect.any(String), username: who.username })
    keys.push(answer.json().api_key as string)
  }
  for (const api_key of keys) expect((await say('list', address, { api_key })).json()).toEqual({ items: [] })
  return keys[1]!
}

async function beginUpload(say: Recording, address: string, key: { api_key: string }) {
  const answer = await say('request', address, key)
  expect(answer.status).toBe(200)
  const { iid, key: blobKey, filename, presigned_url, data } = answer.json() as Record<string, string>
  expect(data).toBeUndefined()
  expect(blobKey).toMatch(new RegExp(`^uploads/u_\\w+/${iid}/${filename}$`))
  return { iid: iid!, key: blobKey!, filename: filename!, url: new URL(presigned_url!) }
}

function expectError(answer: { status: number; json(): Record<string, unknown> }, status: number, code: string): void {
  const { error, ...rest } = answer.json() as { error: Record<string, unknown> }
  expect({ status: answer.status, code: error.code, rest }).toEqual({ status, code, rest: {} })
  expect(error).toMatchObject({ message: expect.any(String), request_id: expect.any(String) })
}
