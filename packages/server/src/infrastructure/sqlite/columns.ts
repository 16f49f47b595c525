import type { SQLInputValue, SQLOutputValue } from 'node:sqlite'

/** The fields of a record and the columns that hold them. */
export type Columns<T> = Readonly<Record<keyof T & string, string>>

type Value = string | number | boolean | undefined

/** `owner_uid AS "ownerUid", …`: rows come out with the names of the record. */
export const selected = <T>(columns: Columns<T>): string =>
  Object.entries<string>(columns)
    .map(([field, column]) => `${column} AS "${field}"`)
    .join(', ')

/** `(owner_uid, …) VALUES (:ownerUid, …)`, with further columns bound by their own names. */
export const inserted = <T>(columns: Columns<T>, ...more: string[]): string =>
  `(${[...Object.values(columns), ...more].join(', ')}) VALUES (${[...Object.keys(columns), ...more].map((name) => `:${name}`).join(', ')})`

/** The parameters for `inserted`: what is absent in the record is NULL in the row. */
export function parameters<T extends { [K in keyof T]: Value }>(
  columns: Columns<T>,
  record: T,
): Record<string, SQLInputValue> {
  const bound: Record<string, SQLInputValue> = {}
  for (const field of fieldsOf(columns)) {
    const value: Value = record[field]
    bound[field] = typeof value === 'boolean' ? Number(value) : (value ?? null)
  }
  return bound
}

/** A row of a `selected` query as its record: what is NULL in the row is absent. The schema is STRICT, so types hold. */
export function record<T>(row: Record<string, SQLOutputValue>): T {
  const present: Record<string, SQLOutputValue> = {}
  for (const field in row) if (row[field] !== null) present[field] = row[field]!
  return present as T
}

/** The same of rows that come as arrays (`setReturnArrays`): for pages, where rows as objects cost twice as much. */
export function recordOfValues<T>(columns: Columns<T>): (values: readonly SQLOutputValue[]) => T {
  const fields = fieldsOf(columns)
  return (values) => {
    const present: Record<string, SQLOutputValue> = {}
    for (let at = 0; at < fields.length; at++) if (values[at] !== null) present[fields[at]!] = values[at]!
    return present as T
  }
}

const fieldsOf = <T>(columns: Columns<T>): (keyof T & string)[] => Object.keys(columns) as (keyof T & string)[]
