import { expect, test } from 'vitest'
import { EventStreamReader } from './sse'

const stream = ': here\n\nid: 7\nevent: change\ndata: {"seq":7}\n\nid: 8\ndata: two\ndata: lines\n\n'

test('frames are read however the text is cut', () => {
  for (let cut = 1; cut < stream.length; cut++) {
    const reader = new EventStreamReader()
    const frames = [...reader.push(stream.slice(0, cut)), ...reader.push(stream.slice(cut))]
    expect(frames, `cut at ${cut}`).toEqual([
      { id: '7', event: 'change', data: '{"seq":7}' },
      { id: '8', event: 'message', data: 'two\nlines' },
    ])
  }
})

test('a comment and a frame without data are nothing', () => {
  expect(new EventStreamReader().push(': alive\n\nid: 3\n\n')).toEqual([])
})

test('carriage returns end lines too, also cut between the two', () => {
  const reader = new EventStreamReader()
  expect(reader.push('data: a\r')).toEqual([])
  expect(reader.push('\n\r\n')).toEqual([{ id: null, event: 'message', data: 'a' }])
})
