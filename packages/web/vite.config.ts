import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { slimContract } from './slim-contract.ts'

export default defineConfig({
  plugins: [slimContract(), react(), tailwindcss()],
  // Nothing inline: the page's policy allows no script but those of its own files.
  build: { target: 'es2023', modulePreload: { polyfill: false }, assetsInlineLimit: 0, cssMinify: 'lightningcss' },
})
