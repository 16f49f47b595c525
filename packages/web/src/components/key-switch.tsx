import { setSingleKeys, singleKeys } from '../lib/keys.ts'
import { useStore } from '../lib/store.ts'
import { say } from '../lib/words.ts'

/** Keys that act by themselves, on or off. */
export function KeySwitch() {
  const isOn = useStore(singleKeys)
  return (
    <label className="flex items-start gap-3">
      <input
        type="checkbox"
        className="mt-0.5 size-5 shrink-0 accent-(--accent)"
        checked={isOn}
        onChange={({ target }) => setSingleKeys(target.checked)}
      />
      <span className="grid gap-1">
        {say('keys.single')}
        <span className="meta">{say('keys.singleMeans')}</span>
      </span>
    </label>
  )
}
