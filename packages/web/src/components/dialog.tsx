import type { ReactNode } from 'react'
import { endingBy, useModal } from '../lib/modals.ts'
import { say } from '../lib/words.ts'
import { CloseIcon } from './icons.tsx'

interface DialogProps {
  title: string
  /** Escape, or a press beside it. */
  onClose: () => void
  children: ReactNode
  /** Beside the title, such as the picture that it is about. */
  head?: ReactNode
}

/** In the middle of the screen; on a phone a sheet from below. Open for as long as it is drawn. */
export function Dialog({ title, onClose, children, head }: DialogProps) {
  const dialog = useModal()
  return (
    <dialog
      ref={dialog}
      aria-label={title}
      {...endingBy(onClose)}
      onPointerDown={({ target, currentTarget }) => target === currentTarget && onClose()}
      className="m-auto max-h-[85dvh] w-full max-w-[30rem] overflow-auto text-left rounded-dialog bg-raised text-text shadow-2xl transition-[opacity,translate] duration-[240ms] ease-(--ease) starting:translate-y-4 starting:opacity-0 max-sm:mb-0 max-sm:max-w-none max-sm:rounded-b-none"
    >
      <div className="grid grid-cols-1 gap-4 p-4 pb-[max(1rem,env(safe-area-inset-bottom))] sm:p-6">
        <header className="flex flex-wrap items-center gap-x-4 gap-y-2 pr-10">
          {head}
          <h2 className="title line-clamp-3 min-w-0 flex-1 basis-32 wrap-anywhere">{title}</h2>
        </header>
        {children}
      </div>
      {/* Last, so that the focus begins at what the dialog is about. */}
      <button
        type="button"
        className="quiet absolute top-2 right-2 px-2 sm:top-4 sm:right-4"
        aria-label={say('tray.close')}
        title={say('tray.close')}
        onClick={onClose}
      >
        <CloseIcon />
      </button>
    </dialog>
  )
}
