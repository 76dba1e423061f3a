import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { announcer } from '../live/announcer.svelte'
import { Composing } from './composing.svelte'
import { PAUSE_MS, Previewing } from './previewing.svelte'

const asked: { path: string; body: { text: string; way?: string } }[] = []
let answers: Promise<Response>[] = []

const json = (data: unknown, status = 200) => new Response(JSON.stringify(data), { status, headers: { 'content-type': 'application/json' } })
const would = (given: object = {}) => json({ used: 4, limit: { max: 100, unit: 'characters' }, parts: 1, notes: [], refused: null, ...given })
const pause = () => vi.advanceTimersByTimeAsync(PAUSE_MS)

beforeEach(() => {
  vi.useFakeTimers()
  asked.length = 0
  answers = []
  vi.stubGlobal('fetch', async (request: Request) => {
    asked.push({ path: new URL(request.url, 'http://desk.example').pathname, body: await request.json() })
    return answers.shift() ?? would()
  })
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

test('the server is asked once the writer pauses, with the last words and their way', async () => {
  const preview = new Previewing('c1')
  for (const text of ['Y', 'Ye', 'Yes']) preview.watch(text, 'w1')
  expect(asked).toEqual([])
  await pause()
  expect(asked).toEqual([{ path: '/api/v1/conversations/c1/preview', body: { text: 'Yes', way: 'w1' } }])
  expect(preview.seen).toMatchObject({ text: 'Yes', used: 4 })
  preview.watch('Yes', 'w1')
  await pause()
  expect(asked.length).toBe(1)
})

test('an answer that was overtaken by further words is not shown', async () => {
  let late: (response: Response) => void = () => undefined
  answers.push(new Promise((resolve) => (late = resolve)), Promise.resolve(would({ used: 9 })))
  const preview = new Previewing('c1')
  preview.watch('first', null)
  await pause()
  preview.watch('first and more', null)
  await pause()
  late(would({ used: 5 }))
  await pause()
  expect(preview.seen).toMatchObject({ text: 'first and more', used: 9 })
})

test('an empty box would become nothing; without a server nothing is claimed and nothing asked over and over', async () => {
  const preview = new Previewing('c1')
  preview.watch('Yes', null)
  await pause()
  preview.watch(' ', null)
  await pause()
  expect(preview.seen).toBeNull()
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('network')))
  preview.watch('Yes', null)
  await vi.advanceTimersByTimeAsync(PAUSE_MS * 10)
  expect(preview.seen).toBeNull()
  expect(preview.refuses('Yes')).toBeNull()
})

test('what would be refused is spoken once and not sent; other words are the server’s to judge', async () => {
  const composing = new Composing('c1')
  const refused = 'This looks like a telephone number.'
  answers.push(Promise.resolve(would({ refused, parts: 0 })))
  composing.write('Ring 555-0100')
  composing.preview.watch(composing.reply, null)
  await pause()
  expect(announcer.status).toContain(refused)
  await composing.send()
  expect(asked.filter((one) => one.path.endsWith('/replies'))).toEqual([])
  expect(announcer.alert).toContain(refused)
  expect(composing.reply).toBe('Ring 555-0100')
  composing.write('Ring us')
  await composing.send()
  expect(asked.filter((one) => one.path.endsWith('/replies')).length).toBe(1)
})
