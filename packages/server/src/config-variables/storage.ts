import type { Variable } from './variable.ts'

export const storageVariables = {
  AWS_S3_BUCKET_NAME: {
    type: 'string',
    group: 'Storage of bytes',
    help: 'The bucket. Without it the bytes lie in DATA_DIR.',
  },
  AWS_REGION: { type: 'string', default: 'us-east-1', group: 'Storage of bytes', help: 'Region of the bucket.' },
  AWS_ENDPOINT_URL_S3: {
    type: 'url',
    group: 'Storage of bytes',
    help: 'An S3-compatible store other than AWS.',
  },
  AWS_ENDPOINT_URL: {
    type: 'url',
    group: 'Storage of bytes',
    help: 'The same for all services of AWS; AWS_ENDPOINT_URL_S3 goes before it.',
  },
  AWS_ACCESS_KEY_ID: {
    type: 'secret',
    group: 'Storage of bytes',
    help: 'Credentials of the bucket; without them the usual AWS chain (profile, container, instance role) is asked.',
  },
  AWS_SECRET_ACCESS_KEY: { type: 'secret', group: 'Storage of bytes', help: 'See AWS_ACCESS_KEY_ID.' },
  AWS_SESSION_TOKEN: { type: 'secret', group: 'Storage of bytes', help: 'See AWS_ACCESS_KEY_ID.' },
  S3_FORCE_PATH_STYLE: {
    type: 'flag',
    default: false,
    group: 'Storage of bytes',
    help: 'Addresses as `endpoint/bucket/key`, which most stores other than AWS need.',
  },
  S3_PUBLIC_URL: {
    type: 'url',
    group: 'Storage of bytes',
    help: 'Public or CDN address of the bucket; images that are not private are redirected to it. Whoever has noted where to reaches the bytes there until they are deleted, also once the image is private or hidden.',
  },
} as const satisfies Record<string, Variable>
