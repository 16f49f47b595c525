import type { Variable } from './variable.ts'

/** How bytes and variants go out. */
export const deliveryVariables = {
  DELIVERY: {
    type: 'choice',
    choices: ['stream', 'redirect', 'x-accel'],
    default: 'stream',
    group: 'Delivery',
    help: 'How `/i/…` gives bytes out: by itself, by a redirect to the storage or to S3_PUBLIC_URL (never of private images), or through the `X-Accel-Redirect` of an nginx in front that sees DATA_DIR.',
  },
  X_ACCEL_PREFIX: {
    type: 'string',
    default: '/_blobs/',
    group: 'Delivery',
    help: 'With DELIVERY=x-accel: the internal location of nginx, an alias of `DATA_DIR/blobs/`.',
  },
  CONTENT_URL: {
    type: 'url',
    group: 'Delivery',
    help: 'Another origin of this server for what users upload, such as `https://img-content.example`: addresses of bytes begin with it, it answers nothing else, and `/i/…` of the page redirects there but for the private images of whoever asks.',
  },
  CDN_PURGE_URL: {
    type: 'url',
    group: 'Delivery',
    help: 'Called with `{"tags":["img_…"]}` whenever an image is deleted or its visibility changes, as the purge calls of CDNs are. Only with it are shared caches told to keep images that are not private; these carry the id as `Cache-Tag`.',
  },
  CDN_PURGE_TOKEN: {
    type: 'secret',
    group: 'Delivery',
    help: 'Sent to CDN_PURGE_URL as `Authorization: Bearer …`.',
  },
  VARIANTS_AHEAD: {
    type: 'flag',
    default: true,
    group: 'Delivery',
    help: 'The preset thumb, and medium of larger pictures, are made right after each upload, as far as nothing else is to be done.',
  },
  VARIANT_DAYS: {
    type: 'integer',
    default: 90,
    min: 0,
    max: 36_500,
    group: 'Delivery',
    help: 'Variants that nobody asked for in so many days are deleted, and made again when somebody does; 0: never. Two small ones of each image stay as long as it does.',
  },
  MAX_VARIANTS: {
    type: 'integer',
    default: 64,
    min: 8,
    max: 1000,
    group: 'Delivery',
    help: 'Variants kept of one image; beyond that those go that nobody asked for the longest.',
  },
} as const satisfies Record<string, Variable>
