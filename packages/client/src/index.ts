export { AppError, type Image } from '@imagehost/contract'
export { type CallOptions, type Client, type ClientOptions, createClient } from './client.ts'
