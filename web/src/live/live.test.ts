import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Pending } from './reduce'
import { live } from './live.svelte'

/** One connection as the server sees it. */
interface Line {
  asked: string | null
  write: (text: string) => void
  drop: () => void
}

let lines: Line[] = []
let status = 200
let up = true
const shown: Pending[] = []
const listener = {
  show: (pending: Pending) => void shown.push(pending),
  back: vi.fn(),
  begin: vi.fn(async () => 900),
  out: vi.fn(),
}

beforeEach(() => {
  vi.useFakeTimers()
  vi.clearAllMocks()
  lines = []
  shown.length = 0
  status = 200
  up = true
  vi.stubGlobal('fetch', async (_url: string, given: RequestInit) => {
    if (!up) throw new TypeError('network')
    const asked = new Headers(given.headers).get('last-event-id')
    if (status !== 200) {
      lines.push({ asked, write: () => {}, drop: () => {} })
      return new Response('{}', { status })
    }
    const body = new ReadableStream<Uint8Array>({
      start(control) {
        const write = (text: string) => control.enqueue(new TextEncoder().encode(text))
        lines.push({ asked, write, drop: () => control.error(new TypeError('dropped')) })
        given.signal?.addEventListener('abort', () => control.error(new DOMException('gone', 'AbortError')))
        write(': here\n\n')
      },
    })
    return new Response(body)
  })
})
afterEach(() => {
  live.stop()
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms)
const change = (seq: number, conversation = 'c1') =>
  `id: ${seq}\nevent: change\ndata: ${JSON.stringify({ seq, kind: 'message', conversation_id: conversation, words: 'said' })}\n\n`

test('it begins after the number it was given, and shows together what comes together', async () => {
  live.start(40, listener)
  await pass(10)
  expect(live.state).toBe('live')
  expect(lines[0]?.asked).toBe('40')
  lines[0]?.write(change(41))
  lines[0]?.write(change(42, 'c2'))
  await pass(300)
  expect(shown.map((one) => [...one.touched.keys()])).toEqual([['c1', 'c2']])
})

test('after a drop it goes on after the last number, and nothing comes twice', async () => {
  live.start(40, listener)
  await pass(10)
  lines[0]?.write(change(41))
  await pass(300)
  lines[0]?.drop()
  await pass(1_000)
  expect(lines[1]?.asked).toBe('41')
  expect(listener.back).toHaveBeenCalledOnce()
  lines[1]?.write(change(41) + change(42, 'c2'))
  await pass(300)
  expect(shown.map((one) => [...one.touched.keys()])).toEqual([['c1'], ['c2']])
})

test('a short drop is not mentioned, a longer one is', async () => {
  live.start(40, listener)
  await pass(10)
  up = false
  lines[0]?.drop()
  await pass(1_000)
  expect(live.state).not.toBe('lost')
  await pass(1_000)
  expect(live.state).toBe('lost')
  up = true
  await pass(15_000)
  expect(live.state).toBe('live')
})

test('a line that died in silence is noticed', async () => {
  live.start(40, listener)
  await pass(10)
  await pass(39_000)
  expect(lines.length).toBe(1)
  await pass(3_000)
  expect(lines.length).toBe(2)
})

test('a sign of life every 15 s is enough', async () => {
  live.start(40, listener)
  await pass(10)
  for (let minute = 0; minute < 20; minute++) {
    lines[0]?.write(': still here\n\n')
    await pass(15_000)
  }
  expect(lines.length).toBe(1)
})

test('when nobody is signed in any more it says so and stops', async () => {
  status = 401
  live.start(40, listener)
  await pass(20_000)
  expect(listener.out).toHaveBeenCalledOnce()
  expect(lines.length).toBe(1)
})

test('where the history is another one it begins anew and everything is read again', async () => {
  status = 422
  live.start(4_000, listener)
  await pass(50)
  status = 200
  await pass(1_000)
  expect(lines.at(-1)?.asked).toBe('900')
  expect(listener.back).toHaveBeenCalledOnce()
})

test('stopped, it asks no more', async () => {
  live.start(40, listener)
  await pass(10)
  live.stop()
  await pass(60_000)
  expect(lines.length).toBe(1)
  expect(live.state).toBe('off')
})

test('news that was being gathered when the line was stopped does not silence the next line', async () => {
  live.start(40, listener)
  await pass(10)
  lines[0]!.write(change(41))
  await pass(10)
  live.stop()
  live.start(41, listener)
  await pass(10)
  lines[1]!.write(change(42))
  await pass(500)
  expect(shown.map((one) => one.seq)).toEqual([42])
})
