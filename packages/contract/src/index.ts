export * from './errors.ts'
export * from './formats.ts'
export * from './scopes.ts'
