interface Page<T> {
  items: T[]
  next_cursor?: string
}

/** Items over all pages, as long as somebody wants more. A page may be empty and not be the last. */
export async function* itemsOfPages<T>(
  page: (cursor: { cursor?: string }) => Promise<Page<T>>,
): AsyncGenerator<T, void, void> {
  let cursor: string | undefined
  do {
    const { items, next_cursor: next } = await page(cursor === undefined ? {} : { cursor })
    yield* items
    cursor = next
  } while (cursor !== undefined)
}
