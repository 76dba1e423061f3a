import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { threads } from '../conversation/thread.svelte'
import { announcer } from '../live/announcer.svelte'
import { Composing } from './composing.svelte'
import { drafts } from './drafts.svelte'
import type { Rules } from './rules'

const rules: Rules = { level: 'native', why_not: null, max_count: 3, max_total_bytes: 100, kinds: [{ content_type: '*/*', max_bytes: 50 }], without_text: true }
const json = (data: unknown, status = 200) => new Response(data === null ? null : JSON.stringify(data), { status, headers: { 'content-type': 'application/json' } })
const file = (name: string, text = 'words') => new File([text], name, { type: 'text/plain' })

/** What is sent up, one call a file; a test says what becomes of each. */
class Call {
  static all: Call[] = []
  upload: { onprogress?: (event: object) => void } = {}
  onload?: () => void
  onerror?: () => void
  onabort?: () => void
  status = 0
  response: unknown
  url = ''
  constructor() {
    Call.all.push(this)
  }
  open(_: string, url: string): void {
    this.url = url
  }
  setRequestHeader(): void {}
  send(): void {}
  abort(): void {
    this.onabort?.()
  }
  ends(status: number, response: unknown): Promise<unknown> {
    this.status = status
    this.response = response
    this.onload?.()
    return new Promise((done) => setTimeout(done))
  }
}
const kept = (id: string, filename: string, size = 5) => ({ id, filename, content_type: 'text/plain', size })

let asked: { method: string; path: string; body: unknown }[] = []
let there: object[] = []
let replies: Response[] = []

beforeEach(() => {
  localStorage.clear()
  drafts.open('s1')
  threads.clear()
  asked = []
  there = []
  replies = []
  Call.all = []
  vi.stubGlobal('XMLHttpRequest', Call)
  vi.stubGlobal('fetch', async (request: Request | string) => {
    if (typeof request === 'string') return new Response('words')
    const text = await request.text()
    const path = new URL(request.url, 'http://desk.example').pathname.replace('/api/v1', '')
    asked.push({ method: request.method, path, body: text ? JSON.parse(text) : null })
    if (path === '/uploads') return json({ items: there, next: null })
    if (path.endsWith('/replies')) return replies.shift() ?? json({ id: 'm1', conversation_id: 'c1', seq: 1, kind: 'reply', direction: 'out', delivery: null }, 201)
    if (request.method === 'DELETE' && path.includes('/replies/')) return json({ text: 'Here.', files: [kept('f1', 'a.txt')] })
    if (request.method === 'GET') return json({ items: [], next: null })
    return request.method === 'DELETE' ? json(null, 204) : json({ used: 1, limit: null, parts: 1, notes: [], refused: null })
  })
})
afterEach(() => vi.unstubAllGlobals())
const sent = () => asked.filter((one) => one.path.endsWith('/replies')).map((one) => one.body as { text: string; files?: string[]; key: string })

test('a file is shown as it goes up, and its id is kept with the draft', async () => {
  const { enclosing } = new Composing('c1')
  void enclosing.add([file('a b.txt')], rules)
  expect(Call.all[0]?.url).toBe('/api/v1/uploads?name=a%20b.txt')
  expect(enclosing.pending?.name).toBe('a b.txt')
  Call.all[0]?.upload.onprogress?.({ lengthComputable: true, loaded: 1, total: 4 })
  expect(enclosing.files[0]?.progress).toBe(0.25)
  expect(drafts.waiting.has('c1')).toBe(false)
  await Call.all[0]?.ends(201, kept('f1', 'a b.txt'))
  expect(enclosing.pending).toBeNull()
  expect(announcer.status).toContain('a b.txt added.')
  drafts.open('s1')
  expect(drafts.waiting.has('c1')).toBe(true)
  expect(new Composing('c1').enclosing.ids).toEqual(['f1'])
})

test('what cannot go is said at once and never sent up; the others stay', async () => {
  const { enclosing } = new Composing('c1')
  void enclosing.add([file('good.txt'), file('large.txt', 'x'.repeat(51))], rules)
  expect(Call.all.length).toBe(1)
  expect(enclosing.refused).toBe('large.txt has 51 bytes, and 50 bytes is the most here.')
  expect(announcer.alert).toContain('large.txt')
  await Call.all[0]?.ends(201, kept('f1', 'good.txt'))
  expect(enclosing.ids).toEqual(['f1'])
})

test('what the server refuses is said in its words, and the words already written stay', async () => {
  const composing = new Composing('c1')
  composing.write('See the file')
  void composing.enclosing.add([file('a.txt'), file('b.txt')], rules)
  await Call.all[0]?.ends(413, { type: '/problems/too-large', title: 'Too large', status: 413, detail: 'a.txt is too large.' })
  await Call.all[1]?.ends(201, kept('f2', 'b.txt'))
  expect(composing.enclosing.refused).toBe('a.txt was not added. a.txt is too large.')
  expect([composing.enclosing.ids, composing.reply]).toEqual([['f2'], 'See the file'])
})

test('one that is removed on its way is stopped, and one that is there is thrown away', async () => {
  const { enclosing } = new Composing('c1')
  void enclosing.add([file('a.txt'), file('b.txt')], rules)
  await Call.all[1]?.ends(201, kept('f2', 'b.txt'))
  enclosing.remove(enclosing.files[0]!)
  await Promise.resolve()
  expect(enclosing.refused).toBe('')
  enclosing.remove(enclosing.files[0]!)
  expect(enclosing.files).toEqual([])
  await vi.waitFor(() => expect(asked).toMatchObject([{ method: 'DELETE', path: '/uploads/f2' }]), { timeout: 60_000 })
  expect(localStorage.length).toBe(0)
})

test('an answer waits for its files, goes without a word, and leaves nothing behind', async () => {
  const composing = new Composing('c1')
  void composing.enclosing.add([file('a.txt')], rules)
  await composing.send()
  expect(sent()).toEqual([])
  expect(announcer.alert).toContain('a.txt is still being added')
  await Call.all[0]?.ends(201, kept('f1', 'a.txt'))
  await composing.send()
  expect(sent()).toMatchObject([{ text: '', files: ['f1'] }])
  expect([composing.enclosing.files, localStorage.length]).toEqual([[], 0])
})

test('the same files tried again are the same answer, others another', async () => {
  const composing = new Composing('c1')
  composing.write('Here.')
  void composing.enclosing.add([file('a.txt')], rules)
  await Call.all[0]?.ends(201, kept('f1', 'a.txt'))
  replies = [json({ type: '/problems/fault', title: 'x', status: 500 }, 500), json({ type: '/problems/fault', title: 'x', status: 500 }, 500)]
  await composing.send()
  await composing.send()
  composing.enclosing.remove(composing.enclosing.files[0]!)
  await composing.send()
  const [first, again, other] = sent().map((one) => one.key)
  expect(again).toBe(first)
  expect(other).not.toBe(first)
})

test('an answer that is taken back brings its files back', async () => {
  const composing = new Composing('c1')
  await composing.takeBack('m1')
  expect(composing.reply).toBe('Here.')
  expect(composing.enclosing.files.map((one) => [one.id, one.name])).toEqual([['f1', 'a.txt']])
})

test('an answer that did not arrive is a draft again, with copies of its files', async () => {
  const composing = new Composing('c1')
  const file = { id: 'a1', filename: 'a.txt', content_type: 'text/plain', size: 5, inline: false, state: 'kept', why: null }
  composing.again({ text: 'Here.', attachments: [file] } as unknown as Parameters<typeof composing.again>[0])
  await vi.waitFor(() => expect(Call.all.length).toBe(1), { timeout: 60_000 })
  await Call.all[0]?.ends(201, kept('f9', 'a.txt'))
  expect([composing.reply, composing.enclosing.ids]).toEqual(['Here.', ['f9']])
})

test('what an earlier visit left and a day has ended is named', async () => {
  drafts.keepFiles('c1', [{ id: 'f1', name: 'old.txt', size: 5 }, { id: 'f2', name: 'new.txt', size: 5 }])
  there = [kept('f2', 'new.txt')]
  const { enclosing } = new Composing('c1')
  await enclosing.look()
  expect(enclosing.ids).toEqual(['f2'])
  expect(enclosing.refused).toBe('old.txt was kept for a day and is gone. Add it again.')
})
