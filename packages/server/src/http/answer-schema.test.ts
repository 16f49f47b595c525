import { api, type Route } from '@imagehost/contract'
import { Visibility } from '@imagehost/contract/schemas'
import fastJson, { type Schema } from 'fast-json-stringify'
import { type TSchema, Type } from 'typebox'
import { expect, test } from 'vitest'
import { answerSchema, answerSchemas } from './answer-schema.ts'

const printer = (schema: TSchema) => {
  const compile = answerSchemas.compilersFactory!.buildSerializer!({})
  return compile({ schema: answerSchema(schema) } as Parameters<typeof compile>[0])
}

const routes = Object.values(api).flatMap((table) => Object.values<Route>(table))

test('every answer of the contract can be printed', () => {
  const answers = routes.flatMap((route) => (route.raw ? [] : Object.values(route.responses)))
  expect(answers.length).toBeGreaterThan(50)
  for (const schema of answers) expect(() => fastJson(answerSchema(schema) as Schema)).not.toThrow()
})

test('what the schema does not name is left out, and so is what is not known', () => {
  const Item = Type.Object({ id: Type.String(), visibility: Visibility, title: Type.Optional(Type.String()) })
  const print = printer(Type.Object({ items: Type.Array(Item) }))
  const item = { id: 'img_1', visibility: 'public', title: undefined, secret: 'nobody’s business' }
  expect(print({ items: [item], more: 1 })).toBe('{"items":[{"id":"img_1","visibility":"public"}]}')
})
