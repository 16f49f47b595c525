import { say } from '../lib/words.ts'
import { Fault } from './fault.tsx'

interface FormEndProps {
  /** What the button does. */
  action: string
  fault?: string | undefined
  isBusy?: boolean
  onCancel: () => void
}

/** What was against it, and the two ways out of a form. */
export const FormEnd = ({ action, fault, isBusy, onCancel }: FormEndProps) => (
  <>
    <Fault text={fault} />
    <div className="flex flex-wrap justify-end gap-2">
      <button type="button" className="secondary" onClick={onCancel}>
        {say('tray.cancel')}
      </button>
      <button type="submit" className="primary" disabled={isBusy}>
        {action}
      </button>
    </div>
  </>
)
