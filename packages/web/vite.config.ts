import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { emitWorker } from './emit-worker.ts'
import { slimContract } from './slim-contract.ts'

export default defineConfig({
  plugins: [slimContract(), react(), tailwindcss(), emitWorker()],
  // Nothing inline: the page's policy allows no script but those of its own files.
  build: {
    // With `light-dark()`, by which a part of the page can be dark in a light one; older browsers would get it taken apart.
    target: ['chrome123', 'edge123', 'firefox120', 'safari17.5'],
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    cssMinify: 'lightningcss',
    rolldownOptions: {
      output: {
        codeSplitting: {
          // Two files and what belongs to one screen: twenty small ones cost a phone 80 ms in asking for them.
          groups: [
            { name: 'first', tags: ['$initial'], priority: 2 },
            { name: 'signed-in', test: /src[\\/]signed-in\.tsx$/, priority: 1 },
          ],
        },
      },
    },
  },
})
