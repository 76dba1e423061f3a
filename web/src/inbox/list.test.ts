import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Thread } from '../conversation/thread.svelte'
import { RowList } from './list.svelte'
import { rows } from './rows.svelte'

/** Requests that wait to be answered, and what they asked for. */
let asked: { url: URL; answer: (body: unknown) => void }[] = []
beforeEach(() => {
  asked = []
  rows.clear()
  vi.stubGlobal('fetch', (request: Request) => {
    return new Promise<Response>((resolve) => {
      asked.push({ url: new URL(request.url, 'http://desk.example'), answer: (body) => resolve(Response.json(body)) })
    })
  })
})
afterEach(() => vi.unstubAllGlobals())

const row = (id: string, seq: number, preview: string) => ({ id, seq, preview })
/** It only ends a test that has failed. */
const patience = { timeout: 30_000 }
const requests = (count: number) => vi.waitFor(() => expect(asked.length).toBe(count), patience)

test('news that comes while more of the list is being read is not lost', async () => {
  const list = new RowList({ view: 'all', desk: null, channel: null, tag: null, text: '' })
  void list.refresh(() => true)
  await requests(1)
  asked[0]!.answer({ items: [row('a', 1, 'before')], next: 'on' })
  await vi.waitFor(() => expect(list.ids).toEqual(['a']), patience)
  void list.more()
  await requests(2)
  void list.refresh(() => true)
  expect(asked.length).toBe(2)
  asked[1]!.answer({ items: [row('b', 1, 'later')], next: null })
  await requests(3)
  expect(asked[2]!.url.searchParams.get('cursor')).toBeNull()
  asked[2]!.answer({ items: [row('a', 2, 'after'), row('b', 1, 'later')], next: null })
  await vi.waitFor(() => expect(rows.get('a')?.preview).toBe('after'), patience)
})

test('a search that found nothing so far is asked to go on', async () => {
  const list = new RowList({ view: 'all', desk: null, channel: null, tag: null, text: 'kindle' })
  void list.refresh(() => true)
  await requests(1)
  const search = { read: '“kindle…”', conditions: [], hints: [], complete_since: null }
  asked[0]!.answer({ items: [], next: 'on', search })
  await requests(2)
  expect(asked[1]!.url.searchParams.get('cursor')).toBe('on')
  asked[1]!.answer({ items: [row('a', 1, 'at last')], next: null, search })
  await vi.waitFor(() => expect(list.ids).toEqual(['a']), patience)
  expect(list.search?.read).toBe('“kindle…”')
  expect(list.complete).toBe(true)
})

test('news that comes while a conversation is being read makes it be read once more', async () => {
  const thread = new Thread('c')
  const whole = (text: string, seq: number) => ({ ...row('c', seq, text), patron: { id: 'p', name: 'Amara' }, messages: [{ id: `m${seq}`, seq, direction: 'out', text }], events: [], earlier: null, seen: seq })
  const read = thread.read(false)
  await requests(1)
  void thread.read(true)
  void thread.read(false)
  asked[0]!.answer(whole('before', 1))
  await requests(2)
  asked[1]!.answer(whole('after', 2))
  await read
  expect(thread.messages.map((message) => message.text)).toEqual(['after'])
  expect(asked.length).toBe(2)
})
