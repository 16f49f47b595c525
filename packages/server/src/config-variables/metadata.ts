import type { Variable } from './variable.ts'

export const metadataVariables = {
  REDIS_URL: {
    type: 'secret',
    group: 'Storage of metadata',
    help: 'Redis 6.2 or later, or Valkey, such as `redis://localhost:6379/0`. Without it SQLite in DATA_DIR.',
  },
  REDIS_CLUSTER_URLS: {
    type: 'list',
    group: 'Storage of metadata',
    help: 'Some nodes of a Redis Cluster, instead of REDIS_URL.',
  },
} as const satisfies Record<string, Variable>
