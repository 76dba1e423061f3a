import type { components } from '../src/api/schema'

/** A small library for looking at the page without a server. Never part of the build. */

type S = components['schemas']
export type SeedConversation = Omit<S['Conversation'], 'seen' | 'earlier'>

const MIN = 60_000
const HOUR = 60 * MIN

let counter = 0
export function uuid(): string {
  counter += 1
  return `0192a000-0000-7000-8000-${counter.toString(16).padStart(12, '0')}`
}
const now = Date.now()
export const iso = (ago: number) => new Date(now - ago).toISOString()

export const staff: S['Staff'][] = [
  { id: uuid(), name: 'Bryan Ortiz', public_name: 'Bryan', initials: 'BO', role: 'staff', email: 'bryan@library.example', abilities: { skills: [], languages: [], live_at_once: 2 }, reviewed: false },
  { id: uuid(), name: 'June Park', public_name: 'June', initials: 'JP', role: 'lead', email: 'june@library.example', abilities: { skills: [], languages: [], live_at_once: 2 }, reviewed: false },
  { id: uuid(), name: 'Kofi Owusu', public_name: 'Kofi', initials: 'KO', role: 'staff', email: 'kofi@library.example', abilities: { skills: [], languages: [], live_at_once: 2 }, reviewed: false },
]
export const me = staff[0]!

export const desks: S['Desk'][] = ['Reference', 'E-books', 'Interlibrary loan'].map((name, at) => ({
  id: uuid(),
  name,
  branch_id: '0192a000-0000-7000-8000-00000000b0b0',
  branch_name: at ? 'All branches' : 'Central',
  promise_ms: 4 * HOUR,
  library: null,
}))

const noFiles: S['Attachments'] = { level: 'unsupported', why_not: 'Text messages can carry files only when Deskbell has a public address. Put a link into the text, or answer another way.', max_count: 0, max_total_bytes: 0, kinds: [], without_text: false }
const anyFiles: S['Attachments'] = { level: 'native', why_not: null, max_count: 5, max_total_bytes: 18_000_000, kinds: [{ content_type: '*/*', max_bytes: 18_000_000 }], without_text: true }
const pictures: S['Attachments'] = { ...anyFiles, max_count: 1, kinds: [{ content_type: 'image/png', max_bytes: 5_000_000 }, { content_type: 'image/jpeg', max_bytes: 5_000_000 }] }

const caps = (max: number | null, unit: 'characters' | 'weighted' | 'segments', hold: number, subject = false): S['Capabilities'] => ({
  text: { max, unit },
  public_text: null,
  subject,
  undo_hold_ms: hold,
  visibility: ['private'],
  attachments: unit === 'segments' ? noFiles : subject ? anyFiles : pictures,
  public_attachments: null,
  echoes: false,
  formatting: 'unsupported',
  one_shot_reply_ms: null,
  receipts: { delivered: 'native', read: 'unsupported' },
  windows: [],
})

const stream = (name: string, given: Partial<S['Stream']> = {}): S['Stream'] => ({ id: name, name, state: 'reading', last_success_at: iso(MIN), last_message_at: iso(4 * MIN), lag_ms: MIN, next_read_at: iso(-MIN), failures: 0, last_error: null, note: null, noted_at: null, backlog: 0, ...given })

function channel(name: string, kind: string, address: string, look: S['Look'], capabilities: S['Capabilities']): S['Channel'] {
  return { state_since: iso(2 * HOUR), last_error: null, desk_id: desks[0]!.id, signin: null, signin_ends_at: null, signin_days_left: null, budget: null, id: uuid(), name, kind, address, look, state: 'active', health: 'Up to date, last message 10:22', todo: null, last_success_at: iso(MIN), last_message_at: iso(4 * MIN), backlog: 0, capabilities, streams: [stream('Inbox')] }
}

export const channels: S['Channel'][] = [
  channel('Ask a librarian', 'a', 'ask@library.example', { word: 'E-mail', icon: 'mail', light: '#3C5A86', dark: '#93B1E0' }, caps(null, 'characters', 10_000, true)),
  channel('Text line', 'b', '(406) 555-0100', { word: 'Text message', icon: 'smartphone', light: '#466E24', dark: '#9CC873' }, caps(1600, 'segments', 5_000)),
  channel('Northside page', 'c', 'library.example', { word: 'Web chat', icon: 'message-circle', light: '#076964', dark: '#4FC0B8' }, caps(4000, 'characters', 0)),
  { ...channel('Library page', 'd', 'Library page', { word: 'Page messages', icon: 'message-square', light: '#1D62C4', dark: '#7FB0FF' }, caps(2000, 'characters', 3_000)), state: 'degraded', health: '6 min behind', todo: 'The platform is limiting us. It mends itself.', last_error: 'Asked too often.', signin: 'Sign in at the page', signin_days_left: 12, backlog: 3, budget: { currency: 'USD', spent_micros: 400_000, limit_micros: 5_000_000, left_micros: 4_600_000, used_up: false, words: '0.40 USD of 5.00 USD today' }, streams: [stream('Messages', { state: 'failing', failures: 3, lag_ms: 6 * MIN, last_success_at: iso(6 * MIN), last_error: 'Asked too often.', backlog: 3 }), stream('Comments', { last_message_at: null })] },
]
export const [post, text, chat, page] = channels as [S['Channel'], S['Channel'], S['Channel'], S['Channel']]

const field = (name: string, label: string, given: Partial<S['Field']> = {}): S['Field'] => ({ name, label, help: 'Where to find it is written here, with an example.', kind: 'text', choices: [], required: false, default: null, when: null, first: true, picked: false, ...given })

/** Two platforms that are none: one with a password or a page of its own, one whose sign-in opens several accounts. */
export const kinds: S['Kind'][] = [
  {
    name: 'a',
    title: 'Letters',
    about: 'Reads one letter box and answers from it.',
    look: { word: 'Letter', icon: 'mail', light: '#3C5A86', dark: '#93B1E0' },
    fields: [
      field('address', 'Address', { required: true, help: 'The address patrons write to, such as ask@library.example.' }),
      field('auth', 'Signing in', { kind: 'choice', choices: [{ value: 'password', label: 'With a password' }, { value: 'page', label: 'On the page of the post' }], default: 'password' }),
      field('password', 'Password', { kind: 'secret', required: true, when: { field: 'auth', values: ['password'] } }),
      field('client_id', 'Client id', { required: true, when: { field: 'auth', values: ['page'] } }),
      field('client_secret', 'Client secret', { kind: 'secret', when: { field: 'auth', values: ['page'] } }),
      field('folders', 'Folders to read', { kind: 'list', default: 'INBOX', first: false }),
      field('quiet', 'Without receipts', { kind: 'flag', default: 'no', first: false }),
    ],
    signin: [{ label: 'Sign in at the post', when: { field: 'auth', values: ['page'] } }],
    pick: null,
    instructions: [],
    callback_url: 'https://desk.example/connect/callback',
  },
  {
    name: 'd',
    title: 'Pages',
    about: 'Messages and comments of one page.',
    look: { word: 'Page messages', icon: 'message-square', light: '#1D62C4', dark: '#7FB0FF' },
    fields: [field('client_id', 'App', { required: true }), field('client_secret', 'Its secret', { kind: 'secret', required: true }), field('page', 'Page', { required: true, picked: true })],
    signin: [{ label: 'Sign in at the page', when: null }],
    pick: 'Page',
    instructions: ['Switch the messages of the page on first.'],
    callback_url: 'https://desk.example/connect/callback',
  },
]

let seq = 1000
export const nextSeq = () => ++seq
export const lastSeq = () => seq

export function message(conversation: string, given: Partial<S['Message']> & { text: string }): S['Message'] {
  return {
    id: uuid(),
    conversation_id: conversation,
    direction: 'in',
    visibility: 'private',
    kind: 'message',
    author: { staff_id: null, name: 'Patron', address: null },
    channel_id: null,
    at: iso(0),
    seq: nextSeq(),
    subject: null,
    reply_text: given.text,
    elided: false,
    html: false,
    original: false,
    attachments: [],
    automatic: false,
    link: null,
    delivery: null,
    unverified: false,
    looked_through: null,
    ...given,
  }
}

interface Sketch {
  name: string
  subject: string
  channel: S['Channel']
  desk: number
  owner?: S['Staff']
  state?: S['Row']['state']
  ago: number
  due?: number
  words: string
  address: string
  more?: (id: string) => { messages?: S['Message'][]; events?: S['Event'][] }
}

let number = 20400
export function conversation(sketch: Sketch): SeedConversation {
  const id = uuid()
  const { channel: on } = sketch
  const state = sketch.state ?? 'open'
  const addressId = uuid()
  const first = message(id, { text: sketch.words, channel_id: on.id, at: iso(sketch.ago), author: { staff_id: null, name: sketch.name, address: sketch.address }, subject: on.capabilities.subject ? sketch.subject : null, original: on === post })
  const more = sketch.more?.(id) ?? {}
  return {
    id,
    number: ++number,
    subject: sketch.subject,
    preview: [first, ...(more.messages ?? [])].filter((one) => one.direction === 'in').at(-1)!.text.slice(0, 200),
    patron: { id: uuid(), name: sketch.name, addresses: [{ id: addressId, kind_word: on.look.word, address: sketch.address, label: null, verified: false }], goes_by: null, pronouns: null, answer_by: null, notes: [], unions: [], suggested: [], one_with: null, earlier: [], usual_helper: null },
    channel_id: on.id,
    visibility: 'private',
    desk_id: desks[sketch.desk]!.id,
    owner_id: sketch.owner?.id ?? null,
    state,
    waiting_since: state === 'open' ? iso(sketch.ago) : null,
    due_at: sketch.due === undefined ? null : new Date(now + sketch.due).toISOString(),
    snoozed_until: null,
    last_patron_at: iso(sketch.ago),
    last_at: iso(sketch.ago),
    seq: nextSeq(),
    trouble: null,
    has_attachments: false,
    outcome: null,
    tags: [],
    urgent: false,
    merged_into: null,
    live: false,
    skill: null,
    language: null,
    offered: [],
    kept_for: null,
    kept_until: null,
    follow_up_at: null,
    created_at: iso(sketch.ago),
    ways: [{ id: addressId, channel_id: on.id, label: `${on.look.word} to ${sketch.address}`, open: true, why: null }],
    handoff: null,
    watching: false,
    reviews: [],
    block: null,
    linked: [],
    merged: [],
    messages: [first, ...(more.messages ?? [])],
    events: more.events ?? [],
  }
}

export { MIN, HOUR }
