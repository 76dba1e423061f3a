import { SvelteMap } from 'svelte/reactivity'
import type { Change, Conversation, Row } from '../api/types'

/** Every row the page knows, once; lists hold ids. */
class Rows {
  #rows = new SvelteMap<string, Row>()
  /** The last thing said about a conversation ("Ana claimed this"), for a row that has left its list. */
  said = new SvelteMap<string, string>()

  get(id: string): Row | undefined {
    return this.#rows.get(id)
  }

  /** Keeps the newer of two readings: answers may overtake each other. */
  put(row: Row): void {
    const known = this.#rows.get(row.id)
    if (!known || known.seq <= row.seq) this.#rows.set(row.id, row)
  }

  learn(conversation: Conversation): void {
    const { ways: _w, linked: _l, messages: _m, events: _e, earlier: _c, seen: _s, handoff: _h, watching: _t, merged: _g, patron, ...rest } = conversation
    this.put({ ...rest, patron: { id: patron.id, name: patron.name } })
  }

  heard(id: string, change: Change): void {
    this.said.set(id, change.words)
  }

  clear(): void {
    this.#rows.clear()
    this.said.clear()
  }
}

export const rows = new Rows()
