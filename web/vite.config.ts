import { readFileSync } from 'node:fs'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig, type Plugin } from 'vite'

/** `x.svg?glyph` is the inside of the icon, ready to stand in a `<symbol>`. */
function glyphs(): Plugin {
  return {
    name: 'glyphs',
    enforce: 'pre',
    load(id) {
      const [file, query] = id.split('?')
      if (query !== 'glyph' || !file) return null
      const inside = readFileSync(file, 'utf8')
        .replace(/<!--.*?-->/s, '')
        .replace(/^\s*<svg[^>]*>|<\/svg>\s*$/g, '')
        .replace(/\s+/g, ' ')
        .trim()
      return `export default ${JSON.stringify(inside)}`
    },
  }
}

/** The browser learns of the one face that every screen needs before it has read the stylesheet. */
function preloadFace(): Plugin {
  return {
    name: 'preload-face',
    transformIndexHtml: {
      order: 'post',
      handler(_html, { bundle }) {
        const face = Object.keys(bundle ?? {}).find((name) => /hyperlegible-next.*\.woff2$/.test(name))
        if (!face) return []
        const attrs = { rel: 'preload', as: 'font', type: 'font/woff2', crossorigin: '', href: `/${face}` }
        return [{ tag: 'link', attrs, injectTo: 'head' }]
      },
    },
  }
}

/** The fonts' and icons' licences ask to travel with them. */
function licences(): Plugin {
  const carried = [
    '@fontsource-variable/atkinson-hyperlegible-next',
    '@fontsource-variable/atkinson-hyperlegible-mono',
    '@fontsource-variable/literata',
    'lucide-static',
    'openapi-fetch',
    'svelte',
    'virtua',
  ]
  return {
    name: 'licences',
    apply: 'build',
    generateBundle() {
      const texts = carried.map((name) => {
        const folder = new URL(`node_modules/${name}/`, import.meta.url)
        for (const file of ['LICENSE', 'LICENSE.md', 'LICENCE']) {
          try {
            return `## ${name}\n\n${readFileSync(new URL(file, folder), 'utf8')}`
          } catch {
            // The next spelling, then.
          }
        }
        throw new Error(`${name} has no licence file to carry`)
      })
      this.emitFile({ type: 'asset', fileName: 'licences.txt', source: texts.join('\n\n') })
    },
  }
}

const server = process.env.DESKBELL_SERVER ?? 'http://127.0.0.1:8080'
const mocked = process.env.DESKBELL_MOCK === '1'

export default defineConfig(async () => ({
  plugins: [
    glyphs(),
    svelte(),
    preloadFace(),
    licences(),
    ...(mocked ? [(await import('./dev/mock.ts')).mock()] : []),
  ],
  build: {
    // build.rs gives a folder outside the source tree.
    outDir: process.env.WEB_OUT ?? 'dist',
    emptyOutDir: true,
    // Where light-dark(), popover and <dialog> all work; below it the stylesheet would double.
    target: ['chrome123', 'firefox125', 'safari17.5'],
    // A data: face or script would have to be allowed in the page's security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: {
    port: 5173,
    proxy: mocked ? {} : { '/api': { target: server, changeOrigin: true } },
  },
  // Component tests need the browser's build of svelte, not the server's.
  ...(process.env.VITEST ? { resolve: { conditions: ['browser'] } } : {}),
  test: {
    environment: 'happy-dom',
    include: ['src/**/*.test.ts'],
    testTimeout: 60_000,
  },
}))
