import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { threads } from '../conversation/thread.svelte'
import { notices } from '../frame/notices.svelte'
import { Composing } from './composing.svelte'
import { drafts } from './drafts.svelte'

type Call = { method: string; path: string; body: unknown }
const calls: Call[] = []
let answers: ((call: Call) => Response | undefined)[] = []

const json = (data: unknown, status = 200) => new Response(JSON.stringify(data), { status, headers: { 'content-type': 'application/json' } })
const sent = (given: object = {}) => ({ id: 'm9', conversation_id: 'c1', seq: 9, at: '2026-10-06T09:00:00.000Z', kind: 'reply', direction: 'out', delivery: { state: 'held', word: 'Sending', why: null, release_at: '2026-10-06T09:00:10.000Z' }, ...given })
const newer = { type: '/problems/newer', title: 'Something new', status: 409, newer: { messages: [{ ...sent({ id: 'm7', seq: 7, direction: 'in', kind: 'message', text: 'Never mind', reply_text: 'Never mind', author: { name: 'Amara' } }) }], events: [] }, seen: 7 }

beforeEach(() => {
  localStorage.clear()
  drafts.open('s1')
  threads.clear()
  threads.get('c1').seen = 5
  calls.length = 0
  answers = []
  vi.stubGlobal('fetch', async (request: Request) => {
    const text = await request.text()
    const call = { method: request.method, path: new URL(request.url, 'http://desk.example').pathname.replace('/api/v1', ''), body: text ? JSON.parse(text) : null }
    calls.push(call)
    for (const answer of answers) {
      const response = answer(call)
      if (response) return response
    }
    return json({ type: '/problems/not-here', title: 'Not here', status: 404 }, 404)
  })
})
afterEach(() => vi.unstubAllGlobals())

const on = (method: string, path: string, make: () => Response) => answers.push((call) => (call.method === method && call.path === path ? make() : undefined))
const posts = () => calls.filter((call) => call.method === 'POST')

test('words are kept as they are written and found again', () => {
  new Composing('c1').write('It opens in')
  expect(drafts.waiting.has('c1')).toBe(true)
  drafts.open('s1')
  expect(drafts.waiting.has('c1')).toBe(true)
  expect(new Composing('c1').reply).toBe('It opens in')
})

test('another person at this machine does not find them; signing out forgets them', () => {
  new Composing('c1').write('private')
  drafts.open('s2')
  expect(drafts.waiting.size).toBe(0)
  expect(new Composing('c1').reply).toBe('')
  drafts.open('s1')
  drafts.forget()
  expect(new Composing('c1').reply).toBe('')
})

test('a reply names the last event its writer saw, and leaves an empty box', async () => {
  on('POST', '/conversations/c1/replies', () => json(sent(), 201))
  const composing = new Composing('c1')
  composing.write('Try the app.')
  await composing.send()
  expect(posts()).toMatchObject([{ body: { text: 'Try the app.', seen: 5 } }])
  expect(composing.reply).toBe('')
  expect(localStorage.length).toBe(0)
  expect(threads.get('c1').leaves.has('m9')).toBe(true)
})

test('something new holds the send and keeps the text; pressing Send again is no answer', async () => {
  on('POST', '/conversations/c1/replies', () => json(newer, 409))
  const composing = new Composing('c1')
  composing.write('Try the app.')
  await composing.send()
  expect(composing.newer?.messages[0]?.text).toBe('Never mind')
  expect(composing.reply).toBe('Try the app.')
  await composing.send()
  expect(posts().length).toBe(1)
})

test('Send anyway sends what was asked for, naming what has now been read and no more than that', async () => {
  let first = true
  on('POST', '/conversations/c1/replies', () => {
    const response = first ? json(newer, 409) : json(sent(), 201)
    first = false
    return response
  })
  const composing = new Composing('c1')
  composing.write('Try the app.')
  await composing.send()
  await composing.send({ read: true })
  expect(posts()[1]?.body).toEqual({ text: 'Try the app.', seen: 7, key: expect.any(String) })
  expect(composing.newer).toBeNull()
})

test('Edit goes on writing, and the next send is an ordinary one', async () => {
  on('POST', '/conversations/c1/replies', () => json(newer, 409))
  const composing = new Composing('c1')
  composing.write('Try the app.')
  await composing.send()
  composing.edit()
  await composing.send()
  const [, second] = posts()
  expect(second?.body).toEqual({ text: 'Try the app.', seen: 7, key: expect.any(String) })
})

test('Discard can be taken back', async () => {
  const composing = new Composing('c1')
  composing.write('Try the app.')
  composing.discard()
  expect(composing.reply).toBe('')
  notices.takeBack()
  expect(composing.reply).toBe('Try the app.')
})

test('another’s conversation is asked about before it is answered', async () => {
  on('POST', '/conversations/c1/replies', () => json({ type: '/problems/claimed', title: 'Taken', status: 409, detail: 'June has this.', owner: { id: 's2', name: 'June' } }, 409))
  const composing = new Composing('c1')
  composing.write('Try the app.')
  await composing.send()
  expect(composing.ownedBy).toEqual({ id: 's2', name: 'June', help: true })
  expect(composing.reply).toBe('Try the app.')
})

test('who helps says so, and what is new is still read first', async () => {
  const claimed = { type: '/problems/claimed', title: 'Taken', status: 409, detail: 'June has this.', owner: { id: 's2', name: 'June' } }
  const answers = [json(claimed, 409), json(newer, 409), json(sent(), 201)]
  on('POST', '/conversations/c1/replies', () => answers.shift()!)
  const composing = new Composing('c1')
  composing.write('Try the app.')
  await composing.send()
  await composing.send({ helps: true })
  expect(composing.newer?.messages[0]?.text).toBe('Never mind')
  expect(composing.ownedBy).toBeNull()
  await composing.send({ read: true })
  expect(posts().map((one) => one.body)).toMatchObject([{ seen: 5 }, { seen: 5, helps: true }, { seen: 7, helps: true }])
})

test('where only its owner answers one cannot help, and the text may become a note', async () => {
  on('POST', '/conversations/c1/replies', () => json({ type: '/problems/owners-only', title: 'Theirs', status: 403, detail: 'June has this.', owner: { id: 's2', name: 'June' } }, 403))
  const composing = new Composing('c1')
  composing.write('Try the app.')
  await composing.send()
  expect(composing.ownedBy?.help).toBe(false)
  composing.toNote()
  expect([composing.kind, composing.note, composing.reply, composing.ownedBy]).toEqual(['note', 'Try the app.', '', null])
})

test('undo within the hold puts the words back, before those begun since', async () => {
  on('DELETE', '/conversations/c1/replies/m9', () => json({ text: 'Try the app.', files: [] }))
  const composing = new Composing('c1')
  composing.write('One more thing')
  await composing.takeBack('m9')
  expect(composing.reply).toBe('Try the app.\n\nOne more thing')
})

test('when it has already left, nothing is changed and it is said', async () => {
  on('DELETE', '/conversations/c1/replies/m9', () => json({ type: '/problems/already-left', title: 'Left', status: 409, detail: 'It has already left.' }, 409))
  const composing = new Composing('c1')
  await composing.takeBack('m9')
  expect(composing.reply).toBe('')
  expect(notices.current?.text).toBe('It has already left.')
})

test('without a server the text stays and the reason is said', async () => {
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('network')))
  const composing = new Composing('c1')
  composing.write('Try the app.')
  await composing.send()
  expect(composing.reply).toBe('Try the app.')
  expect(composing.problem?.offline).toBe(true)
  expect(composing.sending).toBe(false)
})

test('a note is posted as a note and never as a reply', async () => {
  on('POST', '/conversations/c1/notes', () => json(sent({ id: 'n1', kind: 'note', delivery: null }), 201))
  const composing = new Composing('c1')
  composing.write('half a reply')
  composing.kind = 'note'
  composing.write('She is fine')
  await composing.send()
  expect(posts()).toMatchObject([{ path: '/conversations/c1/notes', body: { text: 'She is fine' } }])
  expect(composing.note).toBe('')
  expect(composing.reply).toBe('half a reply')
})

test('trying again after a lost answer is known to be the same reply; other words are another', async () => {
  vi.stubGlobal('fetch', async (request: Request) => {
    calls.push({ method: request.method, path: '', body: await request.json().catch(() => null) })
    throw new TypeError('network')
  })
  const composing = new Composing('c1')
  composing.write('Try the app.')
  await composing.send()
  await composing.send()
  composing.write('Try the other app.')
  await composing.send()
  const [first, again, other] = posts().map((call) => (call.body as { key: string }).key)
  expect(first).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  expect(again).toBe(first)
  expect(other).not.toBe(first)
})
