import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { notices } from '../frame/notices.svelte'
import { Composing } from './composing.svelte'
import { drafts } from './drafts.svelte'

interface Server {
  reply: { text: string; caret: number; changed_at: string } | null
  note: null
  files: { id: string; filename: string; content_type: string; size: number }[]
}

let server: Server
let status = 200
let kept: { kind: string; text: string; files: string[] }[]

beforeEach(() => {
  vi.useFakeTimers()
  localStorage.clear()
  drafts.open('me')
  server = { reply: null, note: null, files: [] }
  kept = []
  status = 200
  vi.stubGlobal('fetch', async (request: Request) => {
    if (request.method === 'PUT' && request.url.endsWith('/draft')) kept.push(await request.json())
    return new Response(JSON.stringify(server), { status })
  })
})
afterEach(() => {
  opened.splice(0).forEach((one) => one.saving.stop())
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

const theirs = (text: string) => ({ text, caret: 0, changed_at: '2026-10-01T12:00:00.000Z' })
const opened: Composing[] = []
const open = async () => {
  const composing = new Composing('c1')
  opened.push(composing)
  await composing.saving.load()
  return composing
}

test('words that rest go to the server once, and are said to be kept there', async () => {
  const composing = await open()
  composing.write('Yes')
  composing.write('Yes, from ten')
  await vi.advanceTimersByTimeAsync(399)
  expect(kept).toEqual([])
  await vi.advanceTimersByTimeAsync(1)
  expect(kept).toMatchObject([{ kind: 'reply', text: 'Yes, from ten', files: [] }])
  expect(composing.saving.saved).toBe(true)
  composing.write('Yes, from ten o')
  expect(composing.saving.saved).toBe(false)
})

test('a draft of another machine is taken in, files and all', async () => {
  server = { reply: theirs('From the other desk'), note: null, files: [{ id: 'f1', filename: 'map.png', content_type: 'image/png', size: 5 }] }
  const composing = await open()
  expect(composing.reply).toBe('From the other desk')
  expect(composing.enclosing.ids).toEqual(['f1'])
  await vi.advanceTimersByTimeAsync(1_000)
  expect(kept, 'nothing is new to the server').toEqual([])
})

test('what this machine wrote and could not keep goes before what both knew', async () => {
  const first = await open()
  first.write('Yes')
  await vi.advanceTimersByTimeAsync(400)
  drafts.keep('c1', 'reply', 'Yes, written on in the tunnel')
  server.reply = theirs('Yes')
  const composing = await open()
  expect(composing.reply).toBe('Yes, written on in the tunnel')
  kept.length = 0
  await vi.advanceTimersByTimeAsync(400)
  expect(kept).toMatchObject([{ text: 'Yes, written on in the tunnel' }])
})

describe('different words on two machines', () => {
  const apart = async () => {
    drafts.keep('c1', 'reply', 'Written in the tunnel')
    server.reply = theirs('Written at the desk')
    return open()
  }

  test('neither goes over the other before the writer chooses', async () => {
    const composing = await apart()
    expect(composing.reply).toBe('Written in the tunnel')
    expect(composing.saving.other?.text).toBe('Written at the desk')
    composing.write('Written in the tunnel, and on')
    await vi.advanceTimersByTimeAsync(1_000)
    expect(kept).toEqual([])
  })

  test('keeping what is here tells the server', async () => {
    const composing = await apart()
    composing.saving.keepMine()
    expect(composing.saving.other).toBeNull()
    await vi.advanceTimersByTimeAsync(400)
    expect(kept).toMatchObject([{ text: 'Written in the tunnel' }])
  })

  test('taking the other can be taken back', async () => {
    const composing = await apart()
    composing.saving.takeOther()
    expect([composing.reply, composing.saving.other]).toEqual(['Written at the desk', null])
    notices.takeBack()
    expect(composing.reply).toBe('Written in the tunnel')
    await vi.advanceTimersByTimeAsync(400)
    expect(kept).toMatchObject([{ text: 'Written in the tunnel' }])
  })

  test('a second look finds what the other machine wrote since', async () => {
    const composing = await open()
    composing.write('Yes')
    await vi.advanceTimersByTimeAsync(400)
    server.reply = theirs('Yes, from ten')
    await composing.saving.load()
    expect(composing.reply).toBe('Yes, from ten')
    server.reply = null
    await composing.saving.load()
    expect(composing.reply, 'sent from there').toBe('')
  })
})

test('an answer that is refused goes on being kept', async () => {
  const composing = await open()
  composing.write('Yes')
  status = 500
  await composing.send()
  expect(composing.problem).not.toBeNull()
  status = 200
  await vi.advanceTimersByTimeAsync(400)
  expect(kept).toMatchObject([{ text: 'Yes' }])
})

test('what was kept here and sent from elsewhere is gone here too', async () => {
  const first = await open()
  first.write('Yes')
  await vi.advanceTimersByTimeAsync(400)
  server.reply = null
  const second = await open()
  expect(second.reply).toBe('')
  expect(drafts.read('c1', 'reply')).toBe('')
})

test('nothing of what is being sent is still on its way to be kept', async () => {
  const composing = await open()
  composing.write('Yes')
  await composing.saving.rest('reply')
  await vi.advanceTimersByTimeAsync(1_000)
  expect(kept).toEqual([])
})

test('hiding the page keeps what waits at once', async () => {
  const composing = await open()
  composing.write('Half a')
  const hidden = vi.spyOn(document, 'hidden', 'get').mockReturnValue(true)
  document.dispatchEvent(new Event('visibilitychange'))
  await vi.advanceTimersByTimeAsync(0)
  expect(kept).toMatchObject([{ text: 'Half a' }])
  hidden.mockRestore()
})

test('who signs out leaves nothing that the next one could send', async () => {
  const composing = await open()
  composing.write('Ana wrote this')
  composing.saving.stop()
  await vi.advanceTimersByTimeAsync(1_000)
  await composing.saving.flush()
  expect(kept).toEqual([])
})
