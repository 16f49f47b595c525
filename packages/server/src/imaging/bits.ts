/** Reads bit by bit, the highest of each byte first; past the end it throws RangeError. */
export interface BitReader {
  /** Up to 32 bits. */
  read(count: number): number
  skip(count: number): void
  /** Exp-Golomb as HEVC's ue(v), which is AV1's uvlc() too. */
  readGolomb(): number
}

export function bitsOf(bytes: Buffer): BitReader {
  let at = 0
  const read = (count: number): number => {
    let value = 0
    for (let left = count; left > 0; left -= 1) {
      value = value * 2 + ((bytes.readUInt8(at >> 3) >> (7 - (at & 7))) & 1)
      at += 1
    }
    return value
  }
  return {
    read,
    skip(count) {
      at += count
    },
    readGolomb() {
      let zeros = 0
      while (zeros < 32 && read(1) === 0) zeros += 1
      return 2 ** zeros - 1 + read(zeros)
    },
  }
}
