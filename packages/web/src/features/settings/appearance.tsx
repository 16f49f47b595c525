import { useState } from 'react'
import { Segments } from '../../components/segments.tsx'
import { currentTheme, setTheme, type Theme } from '../../lib/theme.ts'
import { say } from '../../lib/words.ts'

const themes: readonly { value: Theme; label: string }[] = [
  { value: 'system', label: say('settings.themeSystem') },
  { value: 'light', label: say('settings.themeLight') },
  { value: 'dark', label: say('settings.themeDark') },
]

export function Appearance() {
  const [theme, choose] = useState(currentTheme)
  const change = (next: Theme) => {
    setTheme(next)
    choose(next)
  }
  return <Segments label={say('settings.theme')} name="theme" value={theme} options={themes} onChange={change} />
}
