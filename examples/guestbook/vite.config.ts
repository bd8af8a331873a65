// @framework Framework 5.3
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  root: 'client',
  plugins: [react(), tailwindcss()],
  resolve: { alias: { '@shared': `${import.meta.dirname}/shared` } },
  build: {
    outDir: '../dist/public',
    emptyOutDir: true,
    // No data: URLs, so that a strict Content Security Policy needs no exception for images.
    assetsInlineLimit: 0,
  },
});
