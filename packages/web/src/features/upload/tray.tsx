import { useEffect, useRef, useState } from 'react'
import { CheckIcon, CloseIcon, DownIcon } from '../../components/icons.tsx'
import { formatBytes, formatSeconds } from '../../lib/format.ts'
import { useStore } from '../../lib/store.ts'
import { dismissAll, queue } from '../../lib/upload-queue.ts'
import { say } from '../../lib/words.ts'
import { useOnline } from './online.ts'
import { type Progress, progressOf, useSpeed } from './progress.ts'
import { TrayLine } from './tray-line.tsx'
import { TrayResults } from './tray-results.tsx'

/** After all went well it folds by itself. */
const foldMs = 6_000

/** How what is being uploaded comes along; on a phone one line, until it is opened. */
export function Tray() {
  const items = useStore(queue)
  const isOnline = useOnline()
  const progress = progressOf(items)
  const { isOver, refused, total } = progress
  const speed = useSpeed(progress.sent, total > 0 && !isOver && isOnline)
  const [isFolded, fold] = useFolding(total, isOver && refused === 0)
  if (total === 0) return null
  return (
    <section
      aria-label={say('tray.label')}
      className="fixed inset-x-2 bottom-16 z-30 flex max-h-[50dvh] flex-col rounded-menu border border-line bg-raised shadow-xl sm:inset-x-auto sm:right-6 sm:bottom-6 sm:w-[360px]"
    >
      <header className="flex items-center gap-2 px-3 py-2">
        <strong
          className={`flex flex-1 items-center gap-2 tabular-nums ${isOnline ? '' : 'text-warn'}`}
          aria-live="polite"
        >
          {isOnline ? headOf(progress, speed) : say('tray.offline')}
          {isOver && refused === 0 && <CheckIcon className="size-5 text-ok" />}
        </strong>
        <button
          type="button"
          className="quiet px-2"
          aria-expanded={!isFolded}
          aria-label={say(isFolded ? 'tray.unfold' : 'tray.fold')}
          onClick={() => fold(!isFolded)}
        >
          <DownIcon className={`size-5 ${isFolded ? 'rotate-180' : ''}`} />
        </button>
        {isOver && (
          <button type="button" className="quiet px-2" aria-label={say('tray.close')} onClick={dismissAll}>
            <CloseIcon />
          </button>
        )}
      </header>
      {!isFolded && (
        <>
          <ul className="min-h-0 flex-1 overflow-auto border-t border-line">
            {items.map((item) => (
              <TrayLine key={item.id} item={item} />
            ))}
          </ul>
          {isOver && <TrayResults items={items} />}
        </>
      )}
    </section>
  )
}

function headOf({ done, total, refused, isOver, bytes, sent }: Progress, speed: number | undefined): string {
  if (isOver) return say(refused > 0 ? 'tray.doneRefused' : 'tray.done', { count: done, refused })
  const parts = [say('tray.progress', { done, total })]
  if (speed !== undefined)
    parts.push(say('tray.speed', { size: formatBytes(speed) }), formatSeconds((bytes - sent) / speed))
  return parts.join(' · ')
}

/** Folded when all went well and some time has passed; whoever opens it keeps it open. */
function useFolding(total: number, isWell: boolean): [boolean, (isFolded: boolean) => void] {
  const [isFolded, fold] = useState(() => matchMedia('(width < 40rem)').matches)
  const wasOpened = useRef(false)
  useEffect(() => {
    if (!isWell || wasOpened.current || total === 0) return
    const timer = setTimeout(() => fold(true), foldMs)
    return () => clearTimeout(timer)
  }, [isWell, total])
  useEffect(() => {
    if (total > 0) return
    wasOpened.current = false
    fold(matchMedia('(width < 40rem)').matches)
  }, [total])
  return [
    isFolded,
    (next) => {
      wasOpened.current = !next
      fold(next)
    },
  ]
}
