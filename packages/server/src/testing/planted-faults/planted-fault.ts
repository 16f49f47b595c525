import type { MetadataStore } from '../../ports/metadata-store.ts'

/** A store with one mistake in it, as somebody might make it, and the sentence that must notice. */
export interface PlantedFault {
  mistake: string
  law: string
  sentence: string
  plant(store: MetadataStore): MetadataStore
}
