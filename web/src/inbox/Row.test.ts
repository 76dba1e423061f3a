import { cleanup, render, screen } from '@testing-library/svelte'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Channel, Row as RowData } from '../api/types'
import { roster } from '../channels/roster.svelte'
import { drafts } from '../composer/drafts.svelte'
import { session } from '../session/session.svelte'
import { clock } from '../ui/clock.svelte'
import { RowList } from './list.svelte'
import Row from './Row.svelte'
import { rows } from './rows.svelte'

const staff = { id: 's1', name: 'Bryan Ortiz', public_name: 'Bryan', initials: 'BO', role: 'staff' as const, email: 'b@library.example', abilities: { skills: [], languages: [], live_at_once: 2 }, reviewed: false }
const channel = { id: 'h1', name: 'Text line', look: { word: 'Text message', icon: 'smartphone', light: '#466E24', dark: '#9CC873' }, capabilities: { subject: false } } as Channel
const data: RowData = {
  id: 'c1', number: 20418, subject: 'E-book', preview: 'It says “not available”', patron: { id: 'p1', name: 'Amara Osei' },
  channel_id: 'h1', visibility: 'private', desk_id: 'd1', owner_id: 's1', state: 'open',
  waiting_since: new Date(clock.now - 240_000).toISOString(), due_at: new Date(clock.now - 14 * 60_000).toISOString(),
  snoozed_until: null, last_patron_at: new Date(clock.now - 240_000).toISOString(), last_at: new Date(clock.now).toISOString(),
  seq: 1, trouble: null, has_attachments: false, outcome: null, tags: [], urgent: false, merged_into: null, live: false, skill: null, language: null, offered: [], kept_for: null, kept_until: null, follow_up_at: null, created_at: new Date(clock.now).toISOString(),
}

beforeEach(() => {
  rows.clear()
  localStorage.clear()
  drafts.open('s1')
  session.me = { staff, library: { name: 'Fernhill', zone: 'UTC', reply_policy: 'ask', head_start_seconds: 120 }, seq: 0 }
  roster.staff = [staff, { ...staff, id: 's2', name: 'June Park', public_name: 'June' }]
  roster.channels = [channel]
})

afterEach(cleanup)

function show(given: Partial<RowData> = {}): HTMLElement {
  rows.put({ ...data, ...given })
  const list = new RowList({ view: 'mine', desk: null, channel: null, tag: null, text: '' })
  render(Row, { id: 'c1', list, index: 1, tabbable: true })
  return screen.getByRole('row')
}

test('INB-5: the row’s link says channel, name, due state, owner and what was said', () => {
  show()
  const name = screen.getByRole('link').textContent?.replace(/\s+/g, ' ')
  for (const part of ['Text message', 'Amara Osei', '4m', '14 MIN LATE', 'You', 'It says “not available”']) expect(name).toContain(part)
})

test('a colleague’s is named, and only nobody’s can be grabbed', () => {
  show({ owner_id: 's2' })
  expect(screen.getByRole('link').textContent).toContain('June')
  expect(screen.queryByRole('button', { name: /Grab/ })).toBeNull()
})

test('Grab says whom', () => {
  show({ owner_id: null })
  expect(screen.getByRole('button', { name: /Grab\s+Amara Osei/ })).toBeTruthy()
})

test('an answer that did not arrive is louder than the desk', () => {
  show({ trouble: 'Not delivered: the mailbox is full' })
  expect(screen.getByRole('link').textContent).toContain('Not delivered: the mailbox is full')
})

test('the channel’s own colours are its spine', () => {
  const row = show()
  expect(row.style.getPropertyValue('--c-light')).toBe('#466E24')
  expect(row.style.getPropertyValue('--c-dark')).toBe('#9CC873')
})

test('what somebody promised to see to is marked, once it is back', () => {
  const at = new Date(clock.now).toISOString()
  show({ outcome: 'follow_up', follow_up_at: at, state: 'snoozed' })
  expect(screen.queryByText('Follow up')).toBeNull()
  cleanup()
  show({ outcome: 'follow_up', follow_up_at: at, seq: 2 })
  expect(screen.getByText('Follow up')).toBeTruthy()
})

test('an unsent draft shows', () => {
  drafts.keep('c1', 'reply', 'half a')
  show()
  expect(screen.getByText('Draft')).toBeTruthy()
})
