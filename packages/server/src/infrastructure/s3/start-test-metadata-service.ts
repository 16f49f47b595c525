import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface RoleCredentials {
  AccessKeyId: string
  SecretAccessKey: string
  Token: string
  Expiration: string
}

/**
 * A stand-in for the metadata service of an EC2 instance, version 2, which exists on Amazon's machines only:
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-metadata-security-credentials.html
 */
export async function startTestMetadataService(credentials: () => RoleCredentials) {
  const path = '/latest/meta-data/iam/security-credentials/'
  const answer = (request: IncomingMessage, response: ServerResponse) => {
    if (request.method === 'PUT' && request.url === '/latest/api/token') return response.end('session-token')
    if (request.headers['x-aws-ec2-metadata-token'] !== 'session-token') return response.writeHead(401).end()
    if (request.url === path) return response.end('image-host-role')
    if (request.url !== `${path}image-host-role`) return response.writeHead(404).end()
    return response.end(JSON.stringify({ Code: 'Success', Type: 'AWS-HMAC', ...credentials() }))
  }
  const server = createServer(answer)
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  return {
    endpoint: `http://127.0.0.1:${port}`,
    stop: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}
