import { createServer } from 'node:http'
import { tellPort } from './tell-port.ts'

/** The least that an HTTP server of Node can do: always the same 302. */
const headers = { location: 'http://127.0.0.1/storage/a.jpg', 'cache-control': 'no-store', 'content-length': 0 }

tellPort(createServer((_, response) => response.writeHead(302, headers).end()))
