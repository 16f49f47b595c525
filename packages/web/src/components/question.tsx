import { useAttempt } from '../lib/attempt.ts'
import { say } from '../lib/words.ts'
import { Dialog } from './dialog.tsx'
import { Fault } from './fault.tsx'

interface QuestionProps {
  /** What is to be done, as the button says it. */
  action: string
  /** What goes with it, in numbers. */
  text: string
  onYes: () => Promise<unknown>
  onClose: () => void
}

/** Before what can't be taken back. */
export function Question({ action, text, onYes, onClose }: QuestionProps) {
  const { attempt, fault, isBusy } = useAttempt()
  const yes = () =>
    attempt(async () => {
      await onYes()
      onClose()
    })
  return (
    <Dialog title={action} onClose={onClose}>
      <p className="text-[1rem] leading-6">{text}</p>
      <Fault text={fault} />
      <div className="flex flex-wrap justify-end gap-2">
        <button type="button" className="secondary" onClick={onClose}>
          {say('question.no')}
        </button>
        <button type="button" className="danger" disabled={isBusy} onClick={() => void yes()}>
          {action}
        </button>
      </div>
    </Dialog>
  )
}
