/** One environment variable: what it means, its default, how it is checked. */
export interface Variable {
  readonly type: 'string' | 'secret' | 'integer' | 'bytes' | 'seconds' | 'flag' | 'list' | 'url' | 'choice'
  readonly default?: string | number | boolean
  readonly choices?: readonly string[]
  readonly min?: number
  readonly max?: number
  readonly group:
    | 'Server'
    | 'Storage of metadata'
    | 'Storage of bytes'
    | 'Delivery'
    | 'Accounts'
    | 'Administration'
    | 'Uploads'
    | 'Limits'
    | 'Moving from Flask'
  readonly help: string
}
