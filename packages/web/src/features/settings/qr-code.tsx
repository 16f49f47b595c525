import { encode } from 'uqr'

/** Light modules around the code: ISO/IEC 18004 asks for four. */
const quiet = 4
/** Of a module: whole ones, so that all are equally wide. */
const pixels = 5

/** Drawn here, since what it says is a secret that should not travel more than it must. Black on white in any theme: cameras want it so. */
export default function QrCode({ text, label }: { text: string; label: string }) {
  const { data, size } = encode(text, { ecc: 'M', border: quiet })
  const dark = data.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : [])))
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${size} ${size}`}
      shapeRendering="crispEdges"
      width={size * pixels}
      className="max-w-full rounded-control bg-white"
    >
      <path d={dark.join('')} fill="#000" />
    </svg>
  )
}
