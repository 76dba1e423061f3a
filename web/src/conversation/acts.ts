import { api, problemOf, take } from '../api/client'
import type { Closing, Me, Outcome, PresenceWord, Row } from '../api/types'
import { notices } from '../frame/notices.svelte'
import { roster } from '../channels/roster.svelte'
import { inbox } from '../inbox/inbox.svelte'
import { rows } from '../inbox/rows.svelte'
import { presence } from '../live/presence.svelte'
import { session } from '../session/session.svelte'
import { clock } from '../ui/clock.svelte'
import { shown } from './moments'
import { threads } from './thread.svelte'

/** The verbs on a conversation. Contested ones wait for the server; Done is shown first and can be undone. */

const at = (id: string) => ({ params: { path: { id } } })

/** Grab: true when it is yours now. */
export async function claim(id: string): Promise<boolean> {
  try {
    settled(await take(api.PUT('/conversations/{id}/claim', at(id))), 'Claimed by you')
    notices.did('Claimed. It is yours now.', { label: 'Release', run: () => void release(id) })
    return true
  } catch (thrown) {
    notices.lost(problemOf(thrown).message)
    await threads.get(id).read(false)
    void inbox.refresh()
    return false
  }
}

/** Takes it over from whoever is seen to have it: true when it is yours now. */
export async function takeOver(id: string, from: string, name: string): Promise<boolean> {
  try {
    const params = { path: { id }, query: { from } }
    settled(await take(api.PUT('/conversations/{id}/claim', { params })), 'Taken over')
    notices.did(`It is yours now. ${name} watches it.`)
    void threads.get(id).read(false)
    return true
  } catch (thrown) {
    notices.lost(problemOf(thrown).message)
    void threads.get(id).read(false)
    return false
  }
}

/** The library's word on answering in a colleague's conversation. */
export async function decide(policy: Me['library']['reply_policy']): Promise<void> {
  try {
    await take(api.PUT('/library/reply-policy', { body: { policy } }))
    if (session.me) session.me = { ...session.me, library: { ...session.me.library, reply_policy: policy } }
    notices.did('Decided. It counts from the next answer on.')
  } catch (thrown) {
    notices.failed(problemOf(thrown).message)
  }
}

export async function release(id: string): Promise<void> {
  try {
    settled(await take(api.DELETE('/conversations/{id}/claim', at(id))), 'Released')
    notices.did('Released. It is back in Unclaimed, its answer-by time unchanged.', {
      label: 'Claim again',
      run: () => void claim(id),
    })
  } catch (thrown) {
    notices.failed(problemOf(thrown).message)
  }
}

/** In the order of the sheet that one chooses from. */
export const outcomes: Record<Outcome, string> = {
  answered: 'Answered',
  follow_up: 'I will follow up',
  home_library: 'Home library will follow up',
  patron_lost: 'Patron lost',
  practice: 'Practice',
}

/** Done, or put off: whichever was decided. */
export async function close(id: string, closing: Closing & { outcome: Outcome }): Promise<void> {
  const before = rows.get(id)
  const ends = closing.outcome !== 'follow_up' && closing.outcome !== 'home_library'
  if (before && ends) rows.put({ ...before, state: 'done', due_at: null })
  try {
    const row = await take(api.PUT('/conversations/{id}/closure', { ...at(id), body: closing }))
    settled(row, outcomes[closing.outcome])
    notices.did(whatCame(row), closing.outcome === 'home_library' ? null : { label: 'Undo', run: () => void reopen(id) })
  } catch (thrown) {
    if (before) rows.put(before)
    notices.failed(`${ends ? 'Not marked done' : 'Not put off'}. ${problemOf(thrown).message}`)
  }
}

function whatCame(row: Row): string {
  const back = row.follow_up_at ? shown(Date.parse(row.follow_up_at), clock.exact(), session.zone) : ''
  if (row.outcome === 'follow_up') return `It comes back to you ${back}.`
  if (row.outcome === 'home_library') return `Left to ${roster.desk(row.desk_id)?.name ?? 'the home library'}, to be seen to by ${back}.`
  return row.outcome === 'answered' ? 'Done.' : `Done: ${outcomes[row.outcome ?? 'answered'].toLowerCase()}.`
}

export async function reopen(id: string): Promise<void> {
  try {
    const row = await take(api.DELETE('/conversations/{id}/closure', at(id)))
    const words = row.state === 'waiting' ? 'As it was before.' : 'Open again.'
    settled(row, words)
    notices.did(words)
  } catch (thrown) {
    notices.failed(problemOf(thrown).message)
  }
}

export async function snooze(id: string, at: number): Promise<void> {
  try {
    const until = new Date(at).toISOString()
    settled(await take(api.PUT('/conversations/{id}/snooze', { params: { path: { id } }, body: { until } })), 'Snoozed')
    notices.did(`Snoozed until ${shown(at, clock.exact(), session.zone)}.`, { label: 'Undo', run: () => void wake(id) })
  } catch (thrown) {
    notices.failed(`Not snoozed. ${problemOf(thrown).message}`)
  }
}

export async function wake(id: string): Promise<void> {
  try {
    settled(await take(api.DELETE('/conversations/{id}/snooze', at(id))), 'Awake again')
    notices.did('Awake again: it is back in its list.')
  } catch (thrown) {
    notices.failed(problemOf(thrown).message)
  }
}

/** The next desk is asked: true when it was. */
export async function pass(id: string, reason: string): Promise<boolean> {
  try {
    const row = await take(api.POST('/conversations/{id}/passes', { ...at(id), body: { reason } }))
    settled(row, 'Passed on')
    const to = row.offered.map((desk) => roster.desk(desk)?.name ?? 'a desk')
    notices.did(row.urgent ? 'Passed on: everybody is asked.' : `Passed on to ${to.at(-1) ?? 'everybody'}.`)
    return true
  } catch (thrown) {
    notices.failed(problemOf(thrown).message)
    return false
  }
}

/** The server's pick of what waits unclaimed, claimed in the same step; null with a word when there is nothing. */
export async function claimNext(): Promise<string | null> {
  try {
    const { desk, channel } = inbox.filters
    const body = { ...(desk && { desk }), ...(channel && { channel }) }
    const { conversation: row, words } = await take(api.POST('/claims/next', { body }))
    if (!row) {
      notices.did(words)
      void inbox.refresh()
      return null
    }
    settled(row, 'Claimed by you')
    notices.did(words, { label: 'Release', run: () => void release(row.id) })
    return row.id
  } catch (thrown) {
    notices.failed(problemOf(thrown).message)
    return null
  }
}

export function settled(row: Row, said: string): void {
  rows.put(row)
  rows.said.set(row.id, said)
  void threads.get(row.id).read(false)
  void inbox.refresh()
}

const presenceSaid: Record<PresenceWord, string> = {
  at_desk: 'You are at the desk.',
  helping: 'You are helping somebody.',
  away: 'You are away. What you have goes back to the queue before it is late.',
}

/** Says whether one is there. */
export async function say(word: PresenceWord): Promise<void> {
  try {
    await presence.say(word)
    notices.did(presenceSaid[word])
  } catch (thrown) {
    notices.failed(problemOf(thrown).message)
  }
}
