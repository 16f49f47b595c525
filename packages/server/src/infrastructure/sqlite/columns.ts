import type { SQLInputValue, SQLOutputValue } from 'node:sqlite'

/** The fields of a record and the columns that hold them. */
export type Columns<T> = Readonly<Record<keyof T & string, string>>

type Value = string | number | boolean | undefined

/** `owner_uid AS "ownerUid", …`: rows come out with the names of the record. */
export const selected = <T>(columns: Columns<T>): string =>
  Object.entries<string>(columns)
    .map(([field, column]) => `${column} AS "${field}"`)
    .join(', ')

/**
 * `(owner_uid, …) VALUES (?, …)`, with further columns after those of the record. Bound by their places, since node:sqlite
 * takes four times as long for as many names (measured: 8.7 µs for 21, against 2.5).
 */
export function inserted<T>(columns: Columns<T>, ...more: string[]): string {
  const all = [...Object.values<string>(columns), ...more]
  return `(${all.join(', ')}) VALUES (${all.map(() => '?').join(', ')})`
}

/**
 * So many rows. In a cast, since SQLite looks at a bound LIMIT when it plans, and so plans anew at each call that binds one
 * (measured: 6.5 µs for a small query, against 2.1).
 */
export const limited = 'LIMIT CAST(:limit AS INTEGER)'

/** The parameters for `inserted`, in the order of the columns: what is absent in the record is NULL in the row. */
export const parameters = <T extends { [K in keyof T]: Value }>(columns: Columns<T>, record: T): SQLInputValue[] =>
  fieldsOf(columns).map((field) => {
    const value: Value = record[field]
    return typeof value === 'boolean' ? Number(value) : (value ?? null)
  })

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
