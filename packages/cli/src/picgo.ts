import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Failure } from './faults.ts'

/**
 * The local server of PicGo, as its clients (Obsidian, Typora, VS Code) ask it: `POST /upload` with `{"list":[paths]}`, with
 * nothing for the clipboard, or with files as multipart; `POST /heartbeat`. They look for `success` and `result`.
 *
 * It uploads files of this machine for whoever asks, so it must not be a page in the browser that asks: pages always
 * say where they are from (`Origin`), also in requests that need no preflight, and a name that was rebound to 127.0.0.1
 * shows in `Host`. Desktop applications send no Origin, or one of their own scheme (`app://obsidian.md`).
 */
interface PicgoOptions {
  port: number
  /** Uploads files and answers a link for each, in their order; throws if one fails. */
  upload: (files: readonly PicgoFile[]) => Promise<string[]>
}

export type PicgoFile = { path: string } | { file: File } | { clipboard: true }

/** Editors send a few screenshots. Multipart is in memory while it is read. */
const maxBodyBytes = 256 * 1024 * 1024

export async function startPicgo({ port, upload }: PicgoOptions): Promise<{ url: string; server: Server }> {
  const server = createServer((request, response) => {
    answer(request, upload).then(
      (body) => send(response, 200, body),
      (error) => send(response, statusOf(error), { success: false, result: [], message: (error as Error).message }),
    )
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server }
}

class Refusal extends Error {
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

const statusOf = (error: unknown): number => (error instanceof Refusal ? error.status : 500)

async function answer(request: IncomingMessage, upload: PicgoOptions['upload']): Promise<object> {
  const { pathname } = new URL(request.url ?? '/', 'http://127.0.0.1')
  refusePages(request)
  if (request.method !== 'POST') throw new Refusal(404, 'Ask by POST /upload or POST /heartbeat.')
  if (pathname === '/heartbeat') return { success: true, result: 'alive' }
  if (pathname !== '/upload') throw new Refusal(404, 'There is /upload and /heartbeat.')
  const result = await upload(await filesOf(request))
  return { success: true, result, fullResult: result.map((imgUrl) => ({ imgUrl, type: 'imagehost' })) }
}

function refusePages({ headers }: IncomingMessage): void {
  const { origin, host = '' } = headers
  if (origin !== undefined && /^(https?:|null$)/i.test(origin)) throw new Refusal(403, 'Pages may not ask here.')
  if (!/^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(host)) throw new Refusal(403, 'Ask at 127.0.0.1.')
}

async function filesOf(request: IncomingMessage): Promise<PicgoFile[]> {
  const type = request.headers['content-type'] ?? ''
  const body = await readBody(request)
  if (/^multipart\/form-data/i.test(type)) return filesOfForm(body, type)
  if (body.length === 0) return [{ clipboard: true }]
  const paths = pathsOf(body.toString())
  return paths.length === 0 ? [{ clipboard: true }] : paths.map((path) => ({ path }))
}

/** The field is called `files` by PicGo, `list` by Obsidian's plug-in, and what it holds tells itself. */
async function filesOfForm(body: Buffer<ArrayBuffer>, type: string): Promise<PicgoFile[]> {
  const form = await new Response(body, { headers: { 'content-type': type } }).formData().catch(() => {
    throw new Refusal(400, 'The form cannot be read.')
  })
  const files = [...form.values()].filter((value) => typeof value !== 'string')
  if (files.length === 0) throw new Refusal(400, 'There is no file in the form.')
  return files.map((file) => ({ file }))
}

function pathsOf(text: string): string[] {
  const { list } = parsed(text) as { list?: unknown }
  if (list === undefined) return []
  if (Array.isArray(list) && list.every((path) => typeof path === 'string')) return list
  throw new Refusal(400, '`list` is an array of paths.')
}

function parsed(text: string): object {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null) return value
  } catch {
    // Told below, as what is JSON and no object.
  }
  throw new Refusal(400, 'The body is no JSON object.')
}

async function readBody(request: IncomingMessage): Promise<Buffer<ArrayBuffer>> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request) {
    size += chunk.length
    if (size > maxBodyBytes) throw new Refusal(413, 'This is too large.')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(body))
}

/** A port as it is typed. */
export function parsePort(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text)
  throw new Failure(`${text} is no port.`)
}
