import type { components } from '../src/api/schema'
import { list, ok, problem, streams, type Answer } from './answers.ts'
import { channels, kinds, me } from './seed.ts'

type S = components['schemas']

/** What the next sign-in comes to, and what channels were told. */
let end: S['SigninProgress'] = { id: 's1', stage: 'connected', why: null, channel_id: channels[3]!.id, what: null, choices: [] }
let dark = false
const told = new Map<string, Record<string, string>>([[channels[0]!.id, { address: 'ask@library.example', auth: 'password' }]])

function news(channel: S['Channel']): void {
  const { state, health, todo } = channel
  streams.shout(`event: channel\ndata: ${JSON.stringify({ channel_id: channel.id, state, health, todo })}\n\n`)
}

/** For pages under test: who one is, a channel that goes down, how the next sign-in ends. */
export function playChannels(what: string | undefined, given: Record<string, unknown>): Answer | null {
  if (what === 'become') me.role = given.role as S['Staff']['role']
  else if (what === 'end') end = { ...end, stage: 'connected', why: null, what: null, choices: [], ...(given as Partial<S['SigninProgress']>) }
  else if (what === 'dark') dark = Boolean(given.dark)
  else if (what === 'down' || what === 'up') {
    const channel = channels.find((one) => one.name === given.name)!
    Object.assign(channel, what === 'down' ? { state: 'needs_signin', health: 'Signed out since 10:22. Messages wait on the platform and answers wait here', todo: 'The password was changed. Sign it in again.' } : { state: 'active', health: 'Up to date, last message 10:22', todo: null })
    news(channel)
  } else return null
  return ok({}, 201)
}

const refused = () => problem(403, 'not-allowed', 'Your role does not allow this', 'Your role does not allow this. A person with the role admin can do it.')

export function onChannels(method: string, id: string | undefined, rest: string[], given: Record<string, unknown>): Answer {
  if (id === 'kinds') return list(kinds)
  if (!id && method === 'GET') return list(channels)
  const settings = (given.settings ?? {}) as Record<string, string | null>
  if (rest[0] === 'checks') {
    const items = [{ name: 'Sign in to read', passed: true, detail: 'It let us in.' }, { name: 'Find the folders', passed: !dark, detail: dark ? 'There is no folder INBOX. Name another one under Settings.' : 'All are there.' }]
    return ok({ passed: !dark, items })
  }
  if (me.role !== 'admin') return refused()
  if (!id) {
    if (settings.address === 'wrong') return problem(422, 'settings', 'These settings cannot be used', 'Some settings cannot be used. Nothing was changed.', { fields: [{ field: 'address', why: '"wrong" is no address.' }] })
    const made = { ...channels[0]!, id: `0192a000-0000-7000-8000-00000000c${channels.length}00`, name: String(given.name), address: String(settings.address) }
    channels.push(made)
    return ok(made, 201)
  }
  const channel = channels.find((one) => one.id === id)
  if (!channel) return problem(404, 'missing', 'Nothing here', 'There is no such channel.')
  if (rest[0] === 'settings') return ok({ id, kind: channel.kind, name: channel.name, desk_id: channel.desk_id, schedule: null, undo_hold_ms: null, budget_micros: channel.budget?.limit_micros ?? null, settings: told.get(id) ?? {}, secrets: ['password', 'client_secret'] })
  if (rest[0] === 'signin') return ok({ id: 's1', url: '/settings/channels?signin=s1' }, 201)
  if (rest[0] === 'pause') Object.assign(channel, method === 'PUT' ? { state: 'paused', health: 'Switched off since 10:40', todo: 'Switch it on again to catch up from where it stopped.' } : { state: 'active', health: 'Up to date, last message 10:22', todo: null })
  if (method === 'PATCH') {
    channel.name = String(given.name ?? channel.name)
    told.set(id, { ...told.get(id), ...(settings as Record<string, string>) })
  }
  if (method === 'DELETE' && !rest.length) {
    channels.splice(channels.indexOf(channel), 1)
    return { status: 204 }
  }
  return ok(channel)
}

export function onSignins(method: string, id: string | undefined, rest: string[], given: Record<string, unknown>): Answer {
  if (method === 'POST') return me.role === 'admin' ? ok({ id: 's1', url: '/settings/channels?signin=s1' }, 201) : refused()
  if (id !== 's1') return problem(404, 'missing', 'Nothing here', 'There is no such sign-in.')
  if (rest[0] === 'choice') end = { ...end, stage: given.account === 'p2' ? 'connected' : 'failed', why: given.account === 'p2' ? null : 'That page is shut.', choices: [], what: null }
  return ok(end)
}
