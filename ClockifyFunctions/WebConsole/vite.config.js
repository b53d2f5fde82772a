import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import preact from '@preact/preset-vite';
import { defineConfig } from 'vite';

/** The app embeds and serves the packed files only. index.html is packed last: build.sh looks at its age. */
const pack = {
  name: 'pack',
  closeBundle() {
    const files = readdirSync('dist', { recursive: true, withFileTypes: true }).filter(entry => entry.isFile() && !entry.name.endsWith('.br'));
    for (const { parentPath, name } of files.sort((a, b) => Number(a.name === 'index.html') - Number(b.name === 'index.html'))) {
      const path = join(parentPath, name);
      writeFileSync(`${path}.br`, brotliCompressSync(readFileSync(path), { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }));
    }
  },
};

export default defineConfig({
  base: '/api/console/',
  plugins: [preact(), pack],
  build: { target: 'es2022', modulePreload: { polyfill: false }, assetsInlineLimit: 0, chunkSizeWarningLimit: 700, reportCompressedSize: false },
  logLevel: 'warn',
  // Beside ./build.sh start.
  server: { proxy: { '^/api/(?!console)': 'http://127.0.0.1:7071' } },
});
