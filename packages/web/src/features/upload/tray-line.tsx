import type { AppError } from '@imagehost/contract'
import { acceptedFormatNames } from '@imagehost/contract/formats'
import { CheckIcon, CloseIcon, LinkIcon } from '../../components/icons.tsx'
import { copyLinks } from '../../components/image-actions.ts'
import { formatBytes } from '../../lib/format.ts'
import { canRetry, dismiss, type Item, retry } from '../../lib/upload-queue.ts'
import { say } from '../../lib/words.ts'

/** One file: how far it is, or what was said against it. */
export function TrayLine({ item }: { item: Item }) {
  const { id, name, size, state, sent, image, error } = item
  const percent = size === 0 ? 0 : Math.min(100, Math.floor((sent / size) * 100))
  return (
    <li className="border-b border-line px-3 py-2 last:border-0">
      <div className="flex items-center gap-2">
        <span className="flex-1 truncate">{name}</span>
        {state === 'waiting' && <span className="meta">{say('tray.waiting')}</span>}
        {state === 'sending' && <span className="meta">{size === 0 ? say('tray.fetching') : `${percent} %`}</span>}
        {state === 'checking' && <span className="meta">{say('tray.checking')}</span>}
        {state === 'done' && (
          <>
            <span className="meta">{say('tray.finished')}</span>
            <CheckIcon className="size-5 text-ok" />
          </>
        )}
        {error && canRetry(error) && (
          <button type="button" className="quiet px-2" onClick={() => retry(id)}>
            {say('tray.retry')}
          </button>
        )}
        {state !== 'done' && (
          <button
            type="button"
            className="quiet px-2"
            aria-label={`${say(state === 'failed' ? 'tray.dismiss' : 'tray.cancel')}: ${name}`}
            onClick={() => dismiss(id)}
          >
            <CloseIcon className="size-4" />
          </button>
        )}
      </div>
      {state === 'sending' && (
        <div className="mt-1 h-[3px] bg-sunken">
          <div className="h-full bg-accent" style={{ width: `${percent}%` }} />
        </div>
      )}
      {image?.duplicate && (
        <p className="flex items-center gap-2 text-muted">
          <span className="flex-1">{say('tray.duplicate')}</span>
          <button
            type="button"
            className="quiet px-2"
            aria-label={`${say('tray.copyOne')}: ${name}`}
            onClick={() => void copyLinks([{ ...image, name: image.title ?? name }])}
          >
            <LinkIcon className="size-4" />
          </button>
        </p>
      )}
      {error && <p className="text-danger">{refusalOf(item, error)}</p>}
    </li>
  )
}

/** In our own words what happens most; what else is refused the server explains. */
function refusalOf({ name, size }: Item, error: AppError): string {
  if (error.code === 'unsupported_type')
    return say('tray.unsupported', { name, formats: acceptedFormatNames.join(', ') })
  const most = error.details?.max
  if (error.code === 'too_large' && typeof most === 'number' && size > 0)
    return say('tray.tooLarge', { size: formatBytes(size), most: formatBytes(most) })
  return error.message
}
