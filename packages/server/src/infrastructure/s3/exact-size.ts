import { pipeline, type Readable, Transform } from 'node:stream'

/**
 * Passes on exactly `size` bytes or fails. The last piece is held back until the source has ended: once S3 has as many
 * bytes as announced it stores them, and then it is too late to find that there are more.
 */
export function exactSize(body: Readable, size: number, onBroken: (error: Error) => void): Readable {
  let seen = 0
  let held: Buffer | undefined
  const gate = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      seen += chunk.length
      if (seen > size) return done(new RangeError(`More than ${size} bytes`))
      const released = held
      held = chunk
      done(null, released)
    },
    flush(done) {
      if (seen < size) return done(new RangeError(`${seen} bytes instead of ${size}`))
      done(null, held)
    },
  })
  pipeline(body, gate, (error) => {
    if (error) onBroken(error)
  })
  return gate
}
