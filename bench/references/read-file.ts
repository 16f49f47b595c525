import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tellPort } from './tell-port.ts'

/** Files of a folder, each request one readFile, without asking whether anybody may. */
const folder = process.argv[2]!

tellPort(
  createServer(async (request, response) => {
    const bytes = await readFile(folder + request.url)
    response.writeHead(200, { 'content-type': 'image/jpeg', 'content-length': bytes.length }).end(bytes)
  }),
)
