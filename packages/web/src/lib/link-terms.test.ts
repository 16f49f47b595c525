import { expect, test } from 'vitest'
import { localMoment, termsOfForm, withoutNull } from './link-terms.ts'

function form(fields: Readonly<Record<string, string>>): FormData {
  const given = new FormData()
  for (const [name, value] of Object.entries(fields)) given.append(name, value)
  return given
}

test('what a form keeps is left out, and what it empties is taken away', () => {
  expect(termsOfForm(form({ name: 'Anna', ends: 'kept', locked: 'on' }))).toEqual({ name: 'Anna' })
  expect(termsOfForm(form({ name: ' ', ends: 'never' }))).toEqual({ name: null, expires_at: null, password: null })
})

test('a link that is new has only what was said', () => {
  expect(withoutNull(termsOfForm(form({ name: '', ends: 'never' })))).toEqual({})
  const locked = form({ name: 'Anna', ends: 'never', locked: 'on', password: 'tulip' })
  expect(withoutNull(termsOfForm(locked))).toEqual({ name: 'Anna', password: 'tulip' })
})

test('a date in a field is that moment again when the form is read', () => {
  const moment = 1_800_000_000 - (1_800_000_000 % 60)
  expect(termsOfForm(form({ ends: 'date', date: localMoment(moment) })).expires_at).toBe(moment)
})

test('a link that ends after a time does so from now on', () => {
  const before = Math.floor(Date.now() / 1000)
  const { expires_at: end } = termsOfForm(form({ ends: '3600' }))
  expect(end).toBeGreaterThanOrEqual(before + 3_600)
  expect(end).toBeLessThanOrEqual(Math.floor(Date.now() / 1000) + 3_600)
})
