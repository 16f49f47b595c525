import type { FormEvent } from 'react'
import { Dialog } from '../../components/dialog.tsx'
import { Field } from '../../components/field.tsx'
import { FormEnd } from '../../components/form-end.tsx'
import { isAskingAddress } from '../../lib/pick-files.ts'
import { useStore } from '../../lib/store.ts'
import { enqueue } from '../../lib/upload-queue.ts'
import { say } from '../../lib/words.ts'

const close = () => isAskingAddress.set(() => false)

/** The server fetches the picture from there. */
export function AddressDialog() {
  if (!useStore(isAskingAddress)) return null
  function take(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault()
    enqueue([String(new FormData(event.currentTarget).get('address'))])
    close()
  }
  return (
    <Dialog title={say('upload.address')} onClose={close}>
      <form onSubmit={take} className="grid gap-4">
        <Field name="address" type="url" label={say('upload.addressOf')} required pattern="https?://.+" />
        <FormEnd action={say('nav.upload')} onCancel={close} />
      </form>
    </Dialog>
  )
}
