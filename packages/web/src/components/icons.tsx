import type { ReactNode } from 'react'

/** 20 px, one stroke of 1.5 px; never alone: beside a word, or with a label for readers. */
const icon = (shape: ReactNode) =>
  function Icon({ className = 'size-5' }: { className?: string }) {
    return (
      <svg
        viewBox="0 0 20 20"
        className={className}
        fill="none"
        stroke="currentColor"
        strokeWidth="1.5"
        strokeLinecap="round"
        strokeLinejoin="round"
        aria-hidden="true"
      >
        {shape}
      </svg>
    )
  }

export const PhotosIcon = icon(
  <>
    <rect x="2.5" y="4" width="15" height="12" rx="1.5" />
    <path d="m3 13 4-4 3.5 3.5L13 10l4 4" />
  </>,
)
export const AlbumIcon = icon(
  <>
    <rect x="2.5" y="6.5" width="15" height="10.5" rx="1.5" />
    <path d="M4.5 4h11" />
  </>,
)
export const TrashIcon = icon(<path d="M3.5 5.5h13M8 5.5V3.5h4v2M5 5.5l.8 11h8.4l.8-11M8.5 8.5v5M11.5 8.5v5" />)
export const UploadIcon = icon(<path d="M10 13.5V4M6.5 7 10 3.5 13.5 7M3.5 13v3.5h13V13" />)
export const SearchIcon = icon(
  <>
    <circle cx="9" cy="9" r="5" />
    <path d="m13 13 4 4" />
  </>,
)
export const CloseIcon = icon(<path d="m5 5 10 10M15 5 5 15" />)
export const EyeIcon = icon(
  <>
    <path d="M2.5 10S5.5 5 10 5s7.5 5 7.5 5-3 5-7.5 5-7.5-5-7.5-5Z" />
    <circle cx="10" cy="10" r="2" />
  </>,
)
export const ClockIcon = icon(
  <>
    <circle cx="10" cy="10" r="7" />
    <path d="M10 6v4l2.5 2" />
  </>,
)
export const PlayIcon = icon(<path d="M6 4.5v11l9-5.5Z" />)
export const FullScreenIcon = icon(<path d="M3.5 7.5v-4h4M12.5 3.5h4v4M16.5 12.5v4h-4M7.5 16.5h-4v-4" />)
export const DownIcon = icon(<path d="m5.5 8 4.5 4.5L14.5 8" />)
export const LockIcon = icon(
  <>
    <rect x="4.5" y="9" width="11" height="7.5" rx="1" />
    <path d="M7 9V6.5a3 3 0 0 1 6 0V9" />
  </>,
)
export const CheckIcon = icon(<path d="m4 10.5 4 4 8-9" />)
export const LinkIcon = icon(
  <path d="m8.5 11.5 3-3M9 6l1.5-1.5a3.2 3.2 0 0 1 5 5L14 11M11 14l-1.5 1.5a3.2 3.2 0 0 1-5-5L6 9" />,
)
export const DownloadIcon = icon(<path d="M10 3.5V13M6.5 9.5 10 13l3.5-3.5M3.5 13v3.5h13V13" />)
export const InfoIcon = icon(
  <>
    <circle cx="10" cy="10" r="7" />
    <path d="M10 9.5v4M10 6.5v.1" />
  </>,
)
export const MoreIcon = icon(<path d="M4.5 10h.1M10 10h.1M15.5 10h.1" strokeWidth="2.5" />)
export const ShareIcon = icon(
  <>
    <circle cx="5" cy="10" r="2" />
    <circle cx="14.5" cy="5" r="2" />
    <circle cx="14.5" cy="15" r="2" />
    <path d="m6.8 9 6-3.1M6.8 11l6 3.1" />
  </>,
)
export const YouIcon = icon(
  <>
    <circle cx="10" cy="7" r="3.2" />
    <path d="M4 16.5c.6-3 2.8-4.7 6-4.7s5.4 1.7 6 4.7" />
  </>,
)
export const NextIcon = icon(<path d="m8 4.5 5.5 5.5L8 15.5" />)
export const PreviousIcon = icon(<path d="M12 4.5 6.5 10l5.5 5.5" />)
