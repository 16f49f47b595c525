import type { SignedAnswer } from '../../ports/signed-paths.ts'

/** Should these bytes be anything but the picture that they are said to be, a browser runs none of it. */
export const inert = { 'x-content-type-options': 'nosniff', 'content-security-policy': "default-src 'none'; sandbox" }

function refusal(status: number, code: string, message: string): SignedAnswer {
  return {
    status,
    headers: { ...inert, 'content-type': 'application/xml', 'cache-control': 'no-store' },
    body: `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message></Error>`,
  }
}

/** A disk is full or away for longer than a moment. */
const retrySeconds = 5
const unavailable = refusal(503, 'ServiceUnavailable', 'Please reduce your request rate.')

/** Statuses and codes of S3: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
export const refusals = {
  unsigned: refusal(403, 'AccessDenied', 'Access Denied'),
  expired: refusal(403, 'AccessDenied', 'Request has expired'),
  mismatch: refusal(
    403,
    'SignatureDoesNotMatch',
    'The request signature we calculated does not match the signature you provided.',
  ),
  missing: refusal(404, 'NoSuchKey', 'The specified key does not exist.'),
  noLength: refusal(411, 'MissingContentLength', 'You must provide the Content-Length HTTP header.'),
  tooLarge: refusal(400, 'EntityTooLarge', 'Your proposed upload exceeds the maximum allowed size'),
  incomplete: refusal(
    400,
    'IncompleteBody',
    'You did not provide the number of bytes specified by the Content-Length HTTP header.',
  ),
  range: refusal(416, 'InvalidRange', 'The requested range is not satisfiable'),
  unavailable: { ...unavailable, headers: { ...unavailable.headers, 'retry-after': String(retrySeconds) } },
}
