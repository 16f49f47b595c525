import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** The tokens of the page, which these pages share. */
const tokens = readFileSync(fileURLToPath(import.meta.resolve('@imagehost/design/tokens.css')), 'utf8')

/** What is read is in rem: whoever set larger letters in the browser gets them. */
const rules = `
*, ::before, ::after { box-sizing: border-box }
body { margin: 0; min-height: 100dvh; display: grid; grid-template-columns: minmax(0, 1fr); background: var(--bg); color: var(--text); font: 1rem/1.5rem var(--font) }
main { width: min(100%, 30rem); margin: auto; padding: 32px 16px; display: grid; grid-template-columns: minmax(0, 1fr); gap: 16px }
main.wide { width: 100%; min-height: 100dvh; padding: 0; gap: 0; grid-template-rows: 1fr }
main.wide > img, picture { margin: auto }
header + .grid, header + p { align-self: start }
main.wide:has(header, section) { grid-template-rows: auto 1fr }
.grid { list-style: none; margin: 0; padding: 0 4px 4px; display: grid; gap: 4px; grid-template-columns: repeat(auto-fill, minmax(min(13rem, 30vw), 1fr)); align-content: start }
main.wide .grid img { width: 100%; height: auto; max-height: none; aspect-ratio: 1; object-fit: cover; border-radius: var(--radius-tile) }
.grid a { display: block }
.form { width: min(100%, 30rem); margin: auto; padding: 32px 16px; display: grid; gap: 16px }
.line h1 { overflow: hidden; display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2 }
main.wide img { width: auto; height: auto; max-height: calc(100dvh - 8rem); margin: auto; border-radius: 0 }
.line { display: flex; flex-wrap: wrap; align-items: center; gap: 8px 16px; padding: 16px 24px; min-width: 0 }
.line h1 { font-size: 1rem; line-height: 1.5rem; letter-spacing: 0 }
.line .muted { flex: 1; min-width: fit-content; font-variant-numeric: tabular-nums }
.line details[open] { flex-basis: 100% }
.line form { max-width: 30rem; padding-top: 16px }
summary { list-style: none; width: max-content }
summary::-webkit-details-marker { display: none }
h1 { margin: 0; font-size: 1.25rem; line-height: 1.75rem; font-weight: 600; letter-spacing: -.01em; overflow-wrap: anywhere }
p { margin: 0 }
.muted { color: var(--muted); font-size: .875rem; line-height: 1.25rem }
a { color: var(--accent) }
img { display: block; max-width: 100%; max-height: 40dvh; border-radius: var(--radius-tile); background: var(--sunken) }
form { display: grid; gap: 12px; justify-items: start }
label { font-size: .875rem; line-height: 1.25rem }
input, select, textarea { width: 100%; font: 1rem/1.5rem var(--font); min-height: 44px; padding: 8px 12px; border: 1px solid var(--edge); border-radius: var(--radius-control); background: var(--surface); color: var(--text) }
input[type=file] { padding: 24px 16px; border-style: dashed; background: var(--sunken) }
::file-selector-button { font: 600 .875rem/1.25rem var(--font); margin-right: 12px; padding: 8px 12px; border: 1px solid var(--edge); border-radius: var(--radius-control); background: var(--surface); color: var(--text); cursor: pointer }
p.danger { color: var(--danger) }
button, .button {
  font: 600 .875rem/1.25rem var(--font); min-height: 44px; padding: 8px 16px; border: 0; border-radius: var(--radius-control);
  background: var(--text); color: var(--bg); cursor: pointer; text-decoration: none; display: inline-grid; place-items: center;
}
.quiet { background: none; color: var(--text); box-shadow: inset 0 0 0 1px var(--edge) }
button.danger { background: var(--danger); color: var(--on-accent) }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px }
`

/** Whole, since its hash is what the pages' policy allows. */
export const style: string = tight(tokens + rules)

function tight(css: string): string {
  return css
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/\s+/g, ' ')
    .replace(/ ?([{};,]) ?/g, '$1')
    .trim()
}
