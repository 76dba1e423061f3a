import { existsSync, readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createRequire } from 'node:module'
import { extname, join } from 'node:path'
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core'
import { handle, policy } from '../dev/mock.ts'

const dist = process.env.WEB_OUT ?? 'dist'
const program = process.env.CHROMIUM ?? '/usr/bin/chromium'
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** Without a browser there is nothing to test here; where CI runs that is a fault and no excuse. */
export const able = existsSync(program) || Boolean(process.env.CI)
if (!able) console.error(`skipped: no browser at ${program} (set CHROMIUM)`)

const types: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
}

/** The built page under the server's own security policy, with the development server's data behind it. */
export async function serve(): Promise<{ url: string; stop: () => void }> {
  if (!existsSync(join(dist, 'index.html'))) throw new Error(`No built page in ${dist}: npm run build first.`)
  const server: Server = createServer((request, response) => {
    void handle(request, response, () => {
      const { pathname } = new URL(request.url ?? '/', 'http://desk')
      const file = extname(pathname) ? pathname : '/index.html'
      response.setHeader('content-security-policy', policy)
      response.setHeader('content-type', types[extname(file)] ?? 'application/octet-stream')
      response.end(readFileSync(join(dist, file)))
    })
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    stop: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

export function launch(): Promise<Browser> {
  const args = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync']
  return chromium.launch({ executablePath: program, args })
}

/** It only ends a test that has failed: a machine that others work on may take its time. */
export const deadline = 60_000

/** A page, and everything it complained about. */
export async function open(browser: Browser, url: string, given: BrowserContextOptions = {}): Promise<{ page: Page; complaints: string[] }> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...given })
  const page = await context.newPage()
  page.setDefaultTimeout(deadline)
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('console', (message) => {
    // A refused claim and a cut line are told to the browser's console too; those are no faults of the page.
    if (message.type() === 'error' && !/status of 4\d\d|net::ERR/.test(message.text())) complaints.push(message.text())
  })
  await page.goto(url)
  return { page, complaints }
}

/** What axe finds wrong. The script comes over the debugger, so that the page's policy stays in force. */
export async function faults(page: Page): Promise<string[]> {
  await page.evaluate(axe)
  return page.evaluate(async () => {
    const runOnly = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
    const { axe } = window as unknown as { axe: { run: (what: Document, how: object) => Promise<{ violations: { id: string; nodes: { target: string[] }[] }[] }> } }
    const { violations } = await axe.run(document, { runOnly })
    return violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.target.join(' ')).join(', ')}`)
  })
}

/** Something happens to the channels (`dev/channels.ts`). */
export async function mock(url: string, what: 'become' | 'down' | 'up' | 'end' | 'dark', given: object): Promise<void> {
  await fetch(`${url}/api/v1/mock/${what}`, { method: 'POST', body: JSON.stringify(given) })
}

/** Whoever is signed in has this role from the next page on. */
export const becomes = (url: string, role: string) => mock(url, 'become', { role })

/** A patron writes, or a colleague claims, while the page is open. */
export async function play(url: string, what: 'say' | 'take', given: { id: string; text?: string; unheard?: boolean }): Promise<void> {
  await fetch(`${url}/api/v1/mock/${what}`, { method: 'POST', body: JSON.stringify(given) })
}

/** The address bar follows by a moment; the list shows it at once. */
export const chosen = async (page: Page): Promise<string> => (await page.locator('[role=row][aria-selected=true]').getAttribute('data-id')) ?? ''
