import { AppError } from '@imagehost/contract/errors'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { SignedPaths } from '../ports/signed-paths.ts'

/** Hands a request at a presigned address to the storage that made it, which answers as S3 would. */
export async function answerSigned(
  signedPaths: SignedPaths | undefined,
  { request, reply }: { request: FastifyRequest; reply: FastifyReply },
): Promise<FastifyReply> {
  if (!signedPaths) throw new AppError('not_found')
  const { headers } = request
  const answer = await signedPaths.handle({
    method: request.method as 'PUT' | 'GET' | 'HEAD',
    url: request.url,
    body: request.raw,
    ...(headers['content-type'] !== undefined && { contentType: headers['content-type'] }),
    ...(headers['content-length'] !== undefined && { contentLength: Number(headers['content-length']) }),
    ...(headers.range !== undefined && { range: headers.range }),
  })
  // Redirects lead here, and what they lead to is shown by other sites.
  return reply
    .code(answer.status)
    .headers({ 'cross-origin-resource-policy': 'cross-origin', ...answer.headers })
    .send(answer.body)
}
