import type { components } from '../src/api/schema'
import { conversations } from './library.ts'
import { back, gone, leave, waiting } from './uploads.ts'
import { onChannels, onSignins, playChannels } from './channels.ts'
import { channels, desks, iso, lastSeq, me, message, nextSeq, staff, type SeedConversation } from './seed.ts'

type S = components['schemas']
export interface Answer {
  status: number
  type?: string
  data?: unknown
}

export const ok = (data: unknown, status = 200): Answer => ({ status, data })
export const problem = (status: number, kind: string, title: string, detail: string, extra: object = {}): Answer => ({
  status,
  data: { type: `/problems/${kind}`, title, status, detail, ...extra },
})
export const list = (items: unknown[]) => ok({ items, next: null })

let mine: S['Saying']['presence'] = 'at_desk'
/** Everybody but the last one, who is away. */
const there = (): S['Presence'] => ({
  people: staff.slice(0, -1).map((one) => ({ staff_id: one.id, presence: one === me ? mine : ('at_desk' as const) })).filter((one) => one.presence !== 'away'),
  viewing: [],
  again_in_ms: 15_000,
})
let signedIn = process.env.MOCK_SIGNED_OUT !== '1'

/** Everybody who listens to /live, and what was said. */
class Streams {
  #told: { seq: number; text: string }[] = []
  #ears = new Set<(text: string) => void>()

  join(after: number, ear: (text: string) => void): () => void {
    this.#told.filter((one) => one.seq > after).forEach((one) => ear(one.text))
    this.#ears.add(ear)
    return () => this.#ears.delete(ear)
  }

  /** To everybody who listens now. */
  shout(text: string): void {
    this.#ears.forEach((ear) => ear(text))
  }

  tell(conversation: string, kind: S['Event']['kind'], who: S['Staff'] | null, words: string, messageId: string | null = null): S['Event'] {
    const event: S['Event'] = { seq: nextSeq(), kind, at: new Date().toISOString(), actor: { staff_id: who?.id ?? null, name: who?.public_name ?? 'Deskbell' }, conversation_id: conversation, message_id: messageId, words }
    const text = `id: ${event.seq}\nevent: change\ndata: ${JSON.stringify(event)}\n\n`
    this.#told.push({ seq: event.seq, text })
    const found = conversations.get(conversation)
    if (found) {
      found.events.push(event)
      found.seq = event.seq
      found.last_at = event.at
    }
    this.#ears.forEach((ear) => ear(text))
    return event
  }
}
export const streams = new Streams()

function row(one: SeedConversation): S['Row'] {
  const { ways: _w, linked: _l, messages: _m, events: _e, handoff: _h, watching: _t, patron, ...rest } = one
  return { ...rest, patron: { id: patron.id, name: patron.name } }
}

const inView: Record<S['ViewCount']['view'], (one: SeedConversation) => boolean> = {
  unclaimed: (one) => one.state === 'open' && !one.owner_id,
  mine: (one) => one.state === 'open' && one.owner_id === me.id,
  watching: (one) => one.watching,
  waiting: (one) => one.state === 'waiting',
  snoozed: (one) => one.state === 'snoozed',
  done: (one) => one.state === 'done',
  spam: (one) => one.state === 'spam',
  all: () => true,
}

function read(view: S['ViewCount']['view'], query: URLSearchParams): Answer {
  const words = query.get('text')?.toLowerCase()
  const due = (one: SeedConversation) => Date.parse(one.due_at ?? '2099-01-01T00:00:00Z')
  const urgent = view === 'unclaimed' || view === 'mine'
  const found = [...conversations.values()]
    .filter(inView[view])
    .filter((one) => !query.get('desk') || one.desk_id === query.get('desk'))
    .filter((one) => !query.get('channel') || one.channel_id === query.get('channel'))
    .filter((one) => !words || `${one.patron.name} ${one.subject} ${one.messages.map((m) => m.text).join(' ')}`.toLowerCase().includes(words))
    .sort((a, b) => (urgent ? due(a) - due(b) : Date.parse(b.last_at) - Date.parse(a.last_at)))
  const from = Number(query.get('cursor') ?? 0)
  const limit = Number(query.get('limit') ?? 50)
  return ok({ items: found.slice(from, from + limit).map(row), next: from + limit < found.length ? String(from + limit) : null })
}

function whole(one: SeedConversation): S['Conversation'] {
  return { ...one, earlier: null, seen: Math.max(one.seq, ...one.messages.map((m) => m.seq)) }
}

/** Roughly as the platforms count: enough to look at. */
function preview(one: SeedConversation, text: string): S['Preview'] {
  const limit = channels.find((c) => c.id === one.channel_id)!.capabilities.text
  const characters = [...text].length
  const seen: S['Preview'] = { used: characters, limit, parts: 1, notes: [], refused: null }
  if (limit.unit === 'segments') {
    const dear = [...text].find((c) => c.charCodeAt(0) > 0xff)
    const segments = (alone: number, joined: number) => (characters <= alone ? 1 : Math.ceil(characters / joined))
    seen.used = dear ? segments(70, 67) : segments(160, 153)
    if (dear && seen.used > segments(160, 153)) seen.notes.push(`“${dear}” makes this ${seen.used} segments; with plain letters it would be ${segments(160, 153)}.`)
  }
  const number = /\d{3}[ -]\d{4}/.exec(text)
  if (one.visibility === 'public' && number) seen.refused = `“${number[0]}” looks like a telephone number, and everybody can read this answer. Take it out, or answer privately.`
  else if (limit.unit === 'characters' && limit.max && characters > limit.max) seen.refused = `This answer has ${characters} characters, and a message may have ${limit.max}. Shorten it.`
  return seen.refused ? { ...seen, parts: 0 } : seen
}

function reply(one: SeedConversation, given: Record<string, unknown>): Answer {
  const seen = Number(given.seen)
  const newer = one.messages.filter((m) => m.seq > seen && m.author.staff_id !== me.id && m.kind !== 'note')
  if (newer.length && !given.anyway) return problem(409, 'newer', 'Something new was said', 'The patron wrote while you were writing.', { newer: { messages: newer, events: [] }, seen: whole(one).seen })
  const owner = staff.find((person) => person.id === one.owner_id)
  if (owner && owner !== me && !given.helps) return problem(409, 'claimed', 'Somebody else has this one', `${owner.public_name} has this conversation.`, { owner: { id: owner.id, name: owner.public_name }, since: iso(60_000) })
  const channel = channels.find((c) => c.id === one.channel_id)!
  const hold = channel.capabilities.undo_hold_ms
  const at = new Date()
  const files = leave((given.files as string[] | undefined) ?? [])
  const sent = message(one.id, { text: String(given.text), attachments: files, direction: 'out', kind: 'reply', channel_id: channel.id, at: at.toISOString(), author: { staff_id: me.id, name: me.public_name, address: null }, delivery: { state: hold ? 'held' : 'sent', word: hold ? 'Sending' : 'Sent', why: null, release_at: hold ? new Date(at.getTime() + hold).toISOString() : null } })
  one.messages.push(sent)
  one.owner_id ??= me.id
  one.waiting_since = null
  one.due_at = null
  one.state = given.done ? 'done' : 'waiting'
  streams.tell(one.id, 'reply', me, `${me.public_name} replied`, sent.id)
  setTimeout(() => {
    if (!one.messages.includes(sent)) return
    sent.delivery = { state: 'delivered', word: 'Delivered', why: null, release_at: null }
    streams.tell(one.id, 'delivered', null, 'Delivered', sent.id)
  }, hold + 800)
  return ok(sent, 201)
}

/** Done, put off, or neither after all. */
function decide(method: string, one: SeedConversation, given: Record<string, unknown>): Answer {
  const outcome = (given.outcome ?? 'answered') as NonNullable<S['Row']['outcome']>
  Object.assign(one, { outcome: method === 'PUT' ? outcome : null, follow_up_at: null, snoozed_until: null })
  if (method !== 'PUT') {
    one.state = 'open'
    streams.tell(one.id, 'reopened', me, `${me.public_name} opened this again`)
  } else if (outcome === 'follow_up') {
    Object.assign(one, { state: 'snoozed', snoozed_until: given.follow_up_at, follow_up_at: given.follow_up_at, owner_id: me.id })
    streams.tell(one.id, 'follow_up', me, `${me.public_name} will follow up`)
  } else if (outcome === 'home_library') {
    Object.assign(one, { state: 'open', desk_id: given.desk_id ?? one.desk_id, follow_up_at: iso(-24 * 3_600_000), owner_id: null })
    streams.tell(one.id, 'sent_home', me, `${me.public_name} left this to ${desks.find((desk) => desk.id === one.desk_id)?.name}`)
  } else {
    Object.assign(one, { state: 'done', due_at: null })
    streams.tell(one.id, 'closed', me, `${me.public_name} marked this done`)
  }
  return ok(row(one))
}

function onConversation(method: string, one: SeedConversation, rest: string[], given: Record<string, unknown>): Answer {
  const [verb, messageId] = rest
  const owner = staff.find((person) => person.id === one.owner_id)
  if (!verb) return ok(whole(one))
  if (verb === 'claim' && method === 'PUT') {
    if (owner && owner !== me) return problem(409, 'claimed', 'Somebody else has this one', `${owner.public_name} claimed this 4 s ago.`, { owner: { id: owner.id, name: owner.public_name }, since: iso(4000) })
    one.owner_id = me.id
    streams.tell(one.id, 'claimed', me, `${me.public_name} claimed this`)
    return ok(row(one))
  }
  if (verb === 'claim') {
    one.owner_id = null
    streams.tell(one.id, 'released', me, `${me.public_name} released this`)
    return ok(row(one))
  }
  if (verb === 'closure') {
    return decide(method, one, given)
  }
  if (verb === 'spam' || verb === 'urgent') {
    const on = method === 'PUT'
    if (verb === 'spam') one.state = on ? 'spam' : 'open'
    else one.urgent = on
    const kinds = { spam: ['spam', 'not_spam'], urgent: ['urgent', 'not_urgent'] } as const
    streams.tell(one.id, kinds[verb][on ? 0 : 1], me, `${me.public_name} marked this as ${on ? '' : 'not '}${verb}`)
    return ok(row(one))
  }
  if (verb === 'tags') {
    one.tags = one.tags.filter((tag) => tag !== messageId).concat(method === 'PUT' && messageId ? [messageId] : [])
    streams.tell(one.id, method === 'PUT' ? 'tagged' : 'untagged', me, `${me.public_name} changed a tag`)
    return ok(row(one))
  }
  if (verb === 'snooze') {
    one.state = method === 'PUT' ? 'snoozed' : 'open'
    one.snoozed_until = method === 'PUT' ? String(given.until) : null
    streams.tell(one.id, method === 'PUT' ? 'snoozed' : 'woken', me, `${me.public_name} ${method === 'PUT' ? 'snoozed this' : 'ended the snooze'}`)
    return ok(row(one))
  }
  // One mock serves many tests: what one left in a box must not be in another's.
  if (verb === 'draft') return method === 'GET' ? ok({ reply: null, note: null, files: [] }) : problem(404, 'not-found', 'Not here', 'Drafts are not kept here')
  if (verb === 'presence') return method === 'PUT' ? ok(there()) : { status: 204 }
  if (verb === 'watch') {
    one.watching = method === 'PUT'
    return ok({ watching: one.watching })
  }
  if (verb === 'handoffs') {
    const [desk, person] = [desks.find((d) => d.id === given.to_desk_id), staff.find((p) => p.id === given.to_staff_id)]
    if (desk) Object.assign(one, { desk_id: desk.id, owner_id: null, state: 'open', watching: true })
    else one.owner_id ??= me.id
    one.handoff = desk ? null : { id: one.id, conversation_id: one.id, from_staff_id: me.id, to_staff_id: person?.id ?? null, reason: given.reason as 'other', reason_words: String(given.reason).replaceAll('_', ' '), summary: String(given.summary), at: iso(0), falls_back_at: iso(-30 * 60_000) }
    streams.tell(one.id, 'handed_off', me, desk ? `${me.public_name} handed this to ${desk.name}: ${given.reason}` : `${me.public_name} asked ${person?.public_name} to take this: ${given.reason}`)
    return ok(row(one))
  }
  if (verb === 'preview') return ok(preview(one, String(given.text)))
  if (verb === 'replies' && method === 'POST') return reply(one, given)
  if (verb === 'replies') {
    const taken = one.messages.find((m) => m.id === messageId)
    if (!taken || taken.delivery?.state !== 'held') return problem(409, 'already-left', 'Already on its way', 'It has already left.')
    one.messages.splice(one.messages.indexOf(taken), 1)
    streams.tell(one.id, 'withdrawn', me, `${me.public_name} took a reply back before it left`)
    return ok({ text: taken.text, files: back(taken.attachments) })
  }
  if (verb === 'notes') {
    const note = message(one.id, { text: String(given.text), direction: 'out', kind: 'note', at: new Date().toISOString(), author: { staff_id: me.id, name: me.name, address: null } })
    one.messages.push(note)
    streams.tell(one.id, 'note', me, `${me.public_name} left a note`, note.id)
    return ok(note, 201)
  }
  return problem(404, 'not-found', 'Not here', 'There is nothing at this address.')
}

/** Under test a hand-off is called as its conversation. */
function onHandoffs(id: string | undefined, verb: string | undefined, given: Record<string, unknown>): Answer {
  if (!id) return list([...conversations.values()].filter((one) => one.handoff?.to_staff_id === me.id).map((one) => ({ handoff: one.handoff, conversation: row(one) })))
  const one = conversations.get(id)
  if (!one?.handoff) return problem(409, 'over', 'This hand-off has ended', 'This hand-off has ended already.')
  one.handoff = null
  if (verb) one.owner_id = verb === 'acceptance' ? me.id : null
  streams.tell(one.id, verb === 'acceptance' ? 'handoff_accepted' : verb ? 'handoff_refused' : 'handoff_withdrawn', me, verb === 'refusal' ? `${me.public_name} cannot take this now: ${given.why}` : `${me.public_name} answered the hand-off`)
  return ok(row(one))
}

/**
 * For pages under test: `POST /mock/say {id, text}` is a patron writing, `/mock/take {id}` a colleague claiming, `unheard`
 * while the news of it is still on its way.
 */
function play(what: string | undefined, given: Record<string, unknown>): Answer {
  const one = conversations.get(String(given.id))
  if (!one) return problem(404, 'not-found', 'Not here', 'No such conversation')
  if (what === 'take') {
    one.owner_id = staff[2]!.id
    if (!given.unheard) streams.tell(one.id, 'claimed', staff[2]!, 'Kofi claimed this')
  } else {
    const said = message(one.id, { text: String(given.text), channel_id: one.channel_id, at: new Date().toISOString(), author: { staff_id: null, name: one.patron.name, address: null } })
    one.messages.push(said)
    one.preview = said.text
    one.last_patron_at = said.at
    one.waiting_since ??= said.at
    streams.tell(one.id, 'message', null, `${one.patron.name} wrote`, said.id)
  }
  return ok({}, 201)
}

const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAEklEQVR4nGPYqqWFFTEMLQkAGQo1AcXgUMsAAAAASUVORK5CYII=', 'base64')
const page = '<!doctype html><meta charset="utf-8"><style>body{font:15px/1.5 Georgia;margin:12px}</style><h1>Class visit</h1><p>We would like to visit on <b>14 October</b> with 28 children.</p><table border="1"><tr><td>Children<td>28<tr><td>Adults<td>4</table><script>document.body.textContent="a script ran"</script>'

export function answer(method: string, path: string, query: URLSearchParams, given: Record<string, unknown>): Answer {
  const [first, id, ...rest] = path.split('/').filter(Boolean)
  const meNow = { staff: me, library: { name: 'Fernhill Libraries', zone: 'Europe/London', reply_policy: 'ask', head_start_seconds: 120 }, seq: lastSeq() }
  if (first === 'sessions' && method === 'POST') {
    if (given.link === 'spent') return problem(401, 'link-spent', 'This link was used', 'This link has been used or is too old.')
    if (given.password === 'wrong') return problem(401, 'wrong-sign-in', 'Not signed in', "The address or the password isn't right.")
    if (given.password === 'often') return problem(429, 'too-many-tries', 'Too many tries', 'Too many tries.', { retry_after_s: 240 })
    signedIn = true
    return ok(meNow, 201)
  }
  if (!signedIn) return problem(401, 'signed-out', 'Not signed in', 'Sign in to go on.')
  if (first === 'sessions' && method === 'DELETE') {
    signedIn = false
    return { status: 204 }
  }
  if (first === 'mock') return playChannels(id, given) ?? play(id, given)
  if (first === 'me' && id === 'presence') {
    mine = given.presence as typeof mine
    return ok(there())
  }
  if (first === 'drafts') return list([])
  if (first === 'presence') return ok(there())
  if (first === 'me') return ok(meNow)
  if (first === 'staff') return list(staff)
  if (first === 'desks') return list(desks)
  if (first === 'tags') return list([])
  if (first === 'channels') return onChannels(method, id, rest, given)
  if (first === 'signins') return onSignins(method, id, rest, given)
  if (first === 'views') return list(Object.entries(inView).map(([view, fits]) => ({ view, count: [...conversations.values()].filter(fits).length })))
  if (first === 'messages' && rest[0] === 'frame') return { status: 200, type: 'text/html', data: page }
  if (first === 'messages') return { status: 200, type: 'text/plain', data: 'From: kaur@riverside.example\r\nSubject: Class visit\r\n\r\nDear library,' }
  if (first === 'uploads' && method === 'DELETE') {
    waiting.delete(id ?? '')
    return { status: 204 }
  }
  if (first === 'uploads') return list([...waiting.values()].map((file) => file.upload))
  if (first === 'attachments' && gone.has(id ?? '')) return { status: 200, type: 'application/octet-stream', data: gone.get(id ?? '') }
  if (first === 'attachments') return { status: 200, type: 'image/png', data: png }
  if (first === 'conversations' && !id) return read((query.get('view') ?? 'all') as S['ViewCount']['view'], query)
  if (first === 'claims' && id === 'next') {
    const [next] = (read('unclaimed', new URLSearchParams(given as Record<string, string>)).data as { items: S['Row'][] }).items
    if (!next) return ok({ conversation: null, words: 'Nobody is waiting unclaimed right now.' })
    return ok({ conversation: onConversation('PUT', conversations.get(next.id)!, ['claim'], {}).data, words: `Claimed: ${next.patron.name}.` })
  }
  if (first === 'reviews' || first === 'searches') return list([])
  if (first === 'handoffs') return onHandoffs(id, rest[0], given)
  const one = conversations.get(id ?? '')
  if (first === 'conversations' && one) return onConversation(method, one, rest, given)
  return problem(404, 'not-found', 'Not here', 'There is no conversation with this address. It may have been erased.')
}
