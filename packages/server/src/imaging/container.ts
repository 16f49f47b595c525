/** What the headers of a file tell, before any orientation is applied. */
export interface Description {
  width: number
  height: number
  /** Still pictures have 1. */
  frames: number
  /** 1 to 8 as EXIF counts; always 1 where the container itself turns the picture, since the sizes are turned then. */
  orientation: number
  /** The largest rectangle that a decoder may have to hold, where it is not the picture itself. */
  canvas?: { width: number; height: number }
  /** Memory that a decoder holds for as long as it runs: canvases, coefficients, whole frames. */
  heldBytes: number
  /** Memory of one pixel of the lines that pass through; 0 where the picture is decoded at once. */
  lineBytes: number
}

/** One file format: how to read its headers, find its EXIF, and cut everything that is not picture. */
export interface Container {
  describe(bytes: Buffer): Description
  /** The TIFF structure, with or without the `Exif` mark before it. */
  findExif(bytes: Buffer): Buffer | undefined
  /** Without metadata, and with `exif` (a TIFF structure) in its place where given. */
  strip(bytes: Buffer, exif: Buffer | undefined): Buffer
}
