import sharp from 'sharp'

/**
 * The only import of sharp. Every decoder of libvips is shut first, then those on the allow-list are opened, so that a
 * file which lies about its type (SVG, gzipped SVG, TIFF, PDF called `image/png`) finds nobody to read it, whatever
 * else went wrong before.
 */
sharp.block({ operation: ['VipsForeignLoad'] })
sharp.unblock({
  operation: [
    'VipsForeignLoadJpegBuffer',
    'VipsForeignLoadPngBuffer',
    'VipsForeignLoadNsgifBuffer',
    'VipsForeignLoadWebpBuffer',
    'VipsForeignLoadHeifBuffer',
  ],
})

/**
 * One thread per picture: the work queue admits as many pictures as there are cores, and more threads only add memory.
 */
sharp.concurrency(1)

/** No operation is ever repeated on the same bytes, so a cache would only hold memory. */
sharp.cache(false)

export { sharp }
