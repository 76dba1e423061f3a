import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Plugin } from 'vite'
import { answer, ok, streams, type Answer } from './answers.ts'
import { keep } from './uploads.ts'

/** What the server sends with the page; here so that breaking it shows while developing. */
export const policy =
  "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; frame-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

/** A file that is added: its bytes are the whole body. */
async function added(request: IncomingMessage, name: string): Promise<Answer> {
  const pieces: Buffer[] = []
  for await (const piece of request) pieces.push(piece as Buffer)
  return ok(keep(name, request.headers['content-type'] ?? '', Buffer.concat(pieces)), 201)
}

async function body(request: IncomingMessage): Promise<Record<string, unknown>> {
  let text = ''
  for await (const chunk of request) text += String(chunk)
  return text ? JSON.parse(text) : {}
}

export async function handle(request: IncomingMessage, response: ServerResponse, next: () => void): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://mock')
  if (!url.pathname.startsWith('/api/v1/')) return next()
  const path = url.pathname.slice('/api/v1'.length)
  if (path === '/live') {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
    response.write(': here\n\n')
    const beat = setInterval(() => response.write(': still here\n\n'), 15_000)
    const leave = streams.join(Number(request.headers['last-event-id'] ?? url.searchParams.get('after') ?? 0), (text) => response.write(text))
    request.on('close', () => (clearInterval(beat), leave()))
    return
  }
  const adds = request.method === 'POST' && path === '/uploads'
  const given = request.method === 'GET' || adds ? {} : await body(request)
  const answered = adds ? await added(request, url.searchParams.get('name') ?? '') : answer(request.method ?? 'GET', path, url.searchParams, given)
  const { status, type = 'application/json', data } = answered
  setTimeout(() => {
    response.writeHead(status, { 'content-type': status >= 400 ? 'application/problem+json' : type, ...(type === 'text/html' && { 'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox allow-popups; frame-ancestors 'self'" }) })
    response.end(data === undefined ? undefined : typeof data === 'string' || Buffer.isBuffer(data) ? data : JSON.stringify(data))
  }, Number(process.env.MOCK_SLOW ?? 30))
}

export function mock(): Plugin {
  return {
    name: 'mock',
    configureServer: (server) => void server.middlewares.use((request, response, next) => void handle(request, response, next)),
    configurePreviewServer: (server) => {
      server.middlewares.use((request, response, next) => {
        response.setHeader('content-security-policy', policy)
        void handle(request, response, next)
      })
    },
  }
}
