import { api, problemOf, take } from '../api/client'
import type { Asked, Conversation, HandoffReason, Row } from '../api/types'
import { roster } from '../channels/roster.svelte'
import { notices } from '../frame/notices.svelte'
import { inbox } from '../inbox/inbox.svelte'
import { settled } from './acts'
import { threads } from './thread.svelte'

/** In the order of the list that one chooses from. */
export const reasons: Record<HandoffReason, string> = {
  needs_a_specialist: 'Needs a specialist',
  needs_account_access: 'Needs account access',
  another_branch: 'Another branch',
  my_shift_ends: 'My shift ends',
  patron_asked: 'The patron asked',
  other: 'Other',
}

/** The longest summary and the longest "not now because", characters. */
export const LONGEST = 280

export type To = { to_staff_id: string } | { to_desk_id: string }

/** What others ask this person to take. */
class Handoffs {
  asked = $state.raw<Asked[]>([])

  async load(): Promise<void> {
    try {
      this.asked = (await take(api.GET('/handoffs'))).items
    } catch {
      // The line to the server says that it is away; what was asked before is still asked.
    }
  }

  /** The sentence to show when it was not handed on; null when it was. */
  async give(id: string, to: To, reason: HandoffReason, summary: string): Promise<string | null> {
    try {
      const row = await take(api.POST('/conversations/{id}/handoffs', { params: { path: { id } }, body: { ...to, reason, summary } }))
      settled(row, 'Handed off')
      if ('to_desk_id' in to) {
        notices.did(`Handed to ${roster.desk(to.to_desk_id)?.name ?? 'the desk'}. You watch it until it is done.`)
      } else {
        notices.did(`${roster.nameOf(to.to_staff_id)} is asked. It stays yours until they accept.`, { label: 'Undo', run: () => void this.takeBackOf(id) })
      }
      return null
    } catch (thrown) {
      return problemOf(thrown).message
    }
  }

  async accept(asked: Asked): Promise<boolean> {
    return this.#answer(() => take(api.PUT('/handoffs/{id}/acceptance', at(asked.handoff.id))), `Yours now: ${asked.conversation.patron.name}.`)
  }

  async notNow(asked: Asked, why: string): Promise<boolean> {
    const desk = roster.desk(asked.conversation.desk_id)?.name ?? 'its desk'
    const call = () => take(api.PUT('/handoffs/{id}/refusal', { ...at(asked.handoff.id), body: { why } }))
    return this.#answer(call, `Not now. It waits for everybody at ${desk}.`)
  }

  async takeBack(handoff: NonNullable<Conversation['handoff']>): Promise<void> {
    await this.#answer(() => take(api.DELETE('/handoffs/{id}', at(handoff.id))), 'Taken back. Nobody is asked any more.')
  }

  async takeBackOf(id: string): Promise<void> {
    const thread = threads.get(id)
    await thread.read(false)
    if (thread.data?.handoff) await this.takeBack(thread.data.handoff)
    else notices.failed('It is too late to take it back: the conversation says what came of it.')
  }

  async #answer(call: () => Promise<Row>, words: string): Promise<boolean> {
    try {
      settled(await call(), words)
      notices.did(words)
      return true
    } catch (thrown) {
      notices.lost(problemOf(thrown).message)
      void inbox.refresh()
      return false
    } finally {
      await this.load()
    }
  }

  clear(): void {
    this.asked = []
  }
}

const at = (id: string) => ({ params: { path: { id } } })

export const handoffs = new Handoffs()
