import { SvelteSet } from 'svelte/reactivity'
import { api, problemOf, take } from '../api/client'
import type { Change } from '../api/types'
import { notices } from '../frame/notices.svelte'
import { inbox } from '../inbox/inbox.svelte'
import { rows } from '../inbox/rows.svelte'
import { session } from '../session/session.svelte'

/** What this person watches without having it. */
class Watching {
  #ids = new SvelteSet<string>()

  has(id: string): boolean {
    return this.#ids.has(id)
  }

  learn(id: string, watching: boolean): void {
    if (watching) this.#ids.add(id)
    else this.#ids.delete(id)
  }

  async load(): Promise<void> {
    try {
      const page = await take(api.GET('/conversations', { params: { query: { view: 'watching', limit: 200 } } }))
      page.items.forEach((row) => this.learn(row.id, true))
    } catch {
      // Each is learnt again when it is opened.
    }
  }

  async toggle(id: string): Promise<void> {
    const before = this.has(id)
    this.learn(id, !before)
    try {
      const path = { params: { path: { id } } }
      await take(before ? api.DELETE('/conversations/{id}/watch', path) : api.PUT('/conversations/{id}/watch', path))
      const words = before ? 'You watch it no more.' : 'You watch it until it is done.'
      notices.did(words, { label: 'Undo', run: () => void this.toggle(id) })
      void inbox.refresh()
    } catch (thrown) {
      this.learn(id, before)
      notices.failed(problemOf(thrown).message)
    }
  }

  /** A word on what somebody else did there, if it is worth one. */
  heard(id: string, change: Change): void {
    if (!this.has(id) || change.actor.staff_id === session.staffId) return
    if (change.kind !== 'message' && change.kind !== 'closed') return
    const row = rows.get(id)
    const which = row ? `Q-${row.number}, ${row.subject || row.patron.name}` : 'a conversation that you watch'
    notices.did(`${change.words}: ${which}`)
    // It is watched until it is done.
    if (change.kind === 'closed') this.learn(id, false)
  }

  clear(): void {
    this.#ids.clear()
  }
}

export const watching = new Watching()
