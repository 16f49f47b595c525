/** Tags by their names in Exif 3.0, section 4.6. */
export const tags = {
  make: 0x010f,
  model: 0x0110,
  orientation: 0x0112,
  exifDirectory: 0x8769,
  dateTimeOriginal: 0x9003,
  offsetTimeOriginal: 0x9011,
} as const

/** What the main directory may keep when its owner asks to keep metadata. */
export const keptMainTags = [
  tags.make,
  tags.model,
  tags.orientation,
  0x011a, // XResolution
  0x011b, // YResolution
  0x0128, // ResolutionUnit
  0x0132, // DateTime
] as const

/**
 * What the Exif directory may keep: how and when it was taken. Not on the list, and so gone: serial numbers, owner,
 * unique ids, comments and maker notes, which name a person or hold whatever the camera's maker put there.
 */
export const keptDetailTags = [
  0x829a, // ExposureTime
  0x829d, // FNumber
  0x8822, // ExposureProgram
  0x8827, // PhotographicSensitivity
  0x8830, // SensitivityType
  0x9000, // ExifVersion
  tags.dateTimeOriginal,
  0x9004, // DateTimeDigitized
  0x9010, // OffsetTime
  tags.offsetTimeOriginal,
  0x9012, // OffsetTimeDigitized
  0x9201, // ShutterSpeedValue
  0x9202, // ApertureValue
  0x9203, // BrightnessValue
  0x9204, // ExposureBiasValue
  0x9205, // MaxApertureValue
  0x9207, // MeteringMode
  0x9208, // LightSource
  0x9209, // Flash
  0x920a, // FocalLength
  0x9290, // SubSecTime
  0x9291, // SubSecTimeOriginal
  0x9292, // SubSecTimeDigitized
  0xa001, // ColorSpace
  0xa402, // ExposureMode
  0xa403, // WhiteBalance
  0xa404, // DigitalZoomRatio
  0xa405, // FocalLengthIn35mmFilm
  0xa406, // SceneCaptureType
  0xa432, // LensSpecification
  0xa433, // LensMake
  0xa434, // LensModel
] as const

/** Every tag that is ever read. */
export const keptTags: ReadonlySet<number> = new Set([...keptMainTags, ...keptDetailTags, tags.exifDirectory])
