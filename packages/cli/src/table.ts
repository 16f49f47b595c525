import type { Terminal } from './terminal.ts'

/** Rows for eyes in columns, rows for programs with a tab between the cells. */
export function table(rows: readonly (readonly string[])[], { isRead }: Pick<Terminal, 'isRead'>): string[] {
  if (!isRead) return rows.map((cells) => cells.map(visible).join('\t'))
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((cells) => visible(cells[column]!).length)))
  return rows.map((cells) =>
    cells
      .map((cell, column) => visible(cell).padEnd(widths[column]!))
      .join('  ')
      .trimEnd(),
  )
}

/** Names come from other people too, and a terminal obeys what is in them (escape sequences, turned directions). */
export const visible = (text: string): string => text.replace(/[\p{Cc}\p{Cf}]/gu, '?')

export const dateText = (seconds: number): string =>
  new Date(seconds * 1000).toISOString().slice(0, 16).replace('T', ' ')
