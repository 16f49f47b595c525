import { Dialog } from '../../components/dialog.tsx'
import { KeySwitch } from '../../components/key-switch.tsx'
import { keys } from '../../lib/keys.ts'
import { say } from '../../lib/words.ts'

/** All keys, out of the table that binds them. */
export default function KeyList({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title={say('keys.help')} onClose={onClose}>
      <KeySwitch />
      <ul className="grid gap-x-8 gap-y-2 sm:grid-cols-2">
        {Object.entries(keys).map(([name, { presses, word }]) => (
          <li key={name} className="flex items-baseline justify-between gap-3">
            <span>{name.startsWith('go') ? say('keys.go', { place: say(word) }) : say(word)}</span>
            <span className="flex shrink-0 gap-1">
              {printed(presses).map((press) => (
                <kbd key={press} className="rounded-tile border border-edge px-1.5 font-mono text-[0.75rem]">
                  {press}
                </kbd>
              ))}
            </span>
          </li>
        ))}
      </ul>
      <button type="button" className="secondary justify-self-end" onClick={onClose}>
        {say('tray.close')}
      </button>
    </Dialog>
  )
}

const isMac = navigator.platform.startsWith('Mac')

/** As they stand on the keys; of several that do the same, the first. */
function printed(presses: readonly string[]): string[] {
  const all = presses.every((press) => press.startsWith('Arrow')) ? presses : presses.slice(0, 1)
  return all.flatMap((press) => press.split(/[ ]|(?<=.)\+(?=.)/)).map((part) => signs[part] ?? nameOf(part))
}

const nameOf = (part: string) => (part.length === 1 ? part.toUpperCase() : part)

const signs: Readonly<Record<string, string>> = {
  Mod: isMac ? '⌘' : 'Ctrl',
  Shift: '⇧',
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  Escape: 'Esc',
  Delete: 'Del',
  Enter: '↵',
  '-': '−',
}
