import { api, problemOf, take } from '../api/client'
import type { Problem } from '../api/problem'
import type { Review } from '../api/types'
import { roster } from '../channels/roster.svelte'
import { composers } from '../composer/composing.svelte'
import { notices } from '../frame/notices.svelte'
import { inbox } from '../inbox/inbox.svelte'
import { session } from '../session/session.svelte'
import { threads } from './thread.svelte'

/** Answers that wait to be looked through. */
class Reviews {
  open = $state.raw<Review[]>([])

  /** Those that this person may approve, what they are asked for by name first. */
  get mine(): Review[] {
    if (!may()) return []
    const theirs = this.open.filter((one) => one.author_id !== session.staffId)
    return theirs.sort((a, b) => Number(b.reviewer_id === session.staffId) - Number(a.reviewer_id === session.staffId))
  }

  async load(): Promise<void> {
    try {
      this.open = (await take(api.GET('/reviews'))).items
    } catch {
      // The line to the server says that it is away.
    }
  }

  /** Gives why not; null when it leaves. */
  async approve(one: Review, text: string | null, anyway: boolean): Promise<Problem | null> {
    const thread = threads.get(one.conversation_id)
    try {
      const body = { text, seen: thread.seen, anyway }
      thread.add(await take(api.PUT('/reviews/{id}/approval', { ...at(one.id), body })))
      this.#done(one, `Approved: it leaves as ${one.author_name}.`)
      return null
    } catch (thrown) {
      const problem = problemOf(thrown)
      if (problem.kind === 'newer') thread.seen = Math.max(thread.seen, problem.body.seen ?? 0)
      void thread.read(false)
      return problem
    }
  }

  /** Gives why not, in words. */
  async sendBack(one: Review, word: string): Promise<string | null> {
    try {
      await take(api.PUT('/reviews/{id}/return', { ...at(one.id), body: { word } }))
      this.#done(one, `Returned to ${one.author_name}.`)
      return null
    } catch (thrown) {
      return problemOf(thrown).message
    }
  }

  async takeBack(one: Review): Promise<void> {
    try {
      await take(api.DELETE('/reviews/{id}', at(one.id)))
      this.#done(one, 'Taken back: it is your draft again.')
      const composing = composers.for(one.conversation_id)
      composing.kind = 'reply'
      await composing.saving.load()
    } catch (thrown) {
      notices.failed(problemOf(thrown).message)
    }
  }

  #done(one: Review, words: string): void {
    notices.did(words)
    this.open = this.open.filter((other) => other.id !== one.id)
    void threads.get(one.conversation_id).read(false)
    void inbox.refresh()
  }

  clear(): void {
    this.open = []
  }
}

const at = (id: string) => ({ params: { path: { id } } })

/** Whether this person looks through what others wrote. */
export function may(): boolean {
  const me = session.me?.staff
  return !!me && me.role !== 'viewer' && !me.reviewed
}

/** Who can be asked by name. */
export function lookers() {
  return roster.staff.filter((one) => one.id !== session.staffId && one.role !== 'viewer' && !one.reviewed)
}

export const reviews = new Reviews()
