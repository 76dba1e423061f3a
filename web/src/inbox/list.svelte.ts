import { api, problemOf, take } from '../api/client'
import type { Problem } from '../api/problem'
import type { Found, Search, ServerView } from '../api/types'
import { clock } from '../ui/clock.svelte'
import { hold, settle, type Reading, type Shown } from './merge'
import { rows } from './rows.svelte'

const PAGE = 50
const LARGEST_PAGE = 200
/** A search looks through so much at a time: where it found nothing yet, it is asked to go on. */
const MOST_ROUNDS = 25

export interface Query {
  view: ServerView
  desk: string | null
  channel: string | null
  tag: string | null
  text: string
}

/** One query's conversations, in the server's order, a page at a time. */
export class RowList {
  phase = $state<'loading' | 'ready' | 'failed'>('loading')
  problem = $state.raw<Problem | null>(null)
  /** When what is shown was last known to be true, server time. */
  readAt = $state(0)
  /** How the words were understood. */
  search = $state.raw<Search | null>(null)
  #shown = $state.raw<Shown>({ ids: [], arrived: [], gone: new Set() })
  #latest: Reading = { ids: [], whole: true }
  #next = $state<string | null>(null)
  #reading: Promise<void> | null = null
  /** Asked for while something else was being read: what is being read may be older than the news. */
  #again: (() => boolean) | null = null

  constructor(readonly query: Query) {}

  get ids(): readonly string[] {
    return this.#shown.ids
  }
  get arrived(): number {
    return this.#shown.arrived.length
  }
  get complete(): boolean {
    return this.#next === null
  }
  isGone(id: string): boolean {
    return this.#shown.gone.has(id)
  }

  /** Reads again. `still` keeps every row where it is. Calls while one is under way become one more. */
  refresh(still: () => boolean): Promise<void> {
    if (this.#reading) this.#again = still
    else this.#read(this.#refresh(still))
    return this.#reading!
  }

  #read(reading: Promise<void>): void {
    this.#reading = reading.finally(() => {
      this.#reading = null
      const again = this.#again
      this.#again = null
      if (again) void this.refresh(again)
    })
  }

  async #refresh(still: () => boolean): Promise<void> {
    const limit = Math.min(LARGEST_PAGE, Math.max(PAGE, this.ids.length))
    try {
      const page = await this.#fetch(limit, null)
      this.search = page.search
      const reading = { ids: page.items.map((row) => row.id), whole: page.next === null }
      this.#latest = reading
      const first = this.phase === 'loading'
      this.#shown = !first && still() ? hold(this.#shown, reading) : settle(this.#shown, reading)
      if (this.ids.length <= reading.ids.length) this.#next = page.next
      this.readAt = clock.exact()
      this.phase = 'ready'
      this.problem = null
    } catch (thrown) {
      this.problem = problemOf(thrown)
      if (this.phase === 'loading') this.phase = 'failed'
    }
  }

  /** Shows what `refresh` held back. */
  settle(): void {
    if (this.#shown.arrived.length || this.#shown.gone.size) this.#shown = settle(this.#shown, this.#latest)
  }

  async more(limit = PAGE): Promise<void> {
    if (this.#next === null || this.#reading) return
    this.#read(this.#more(limit))
    return this.#reading!
  }

  /** Everything there is, for someone who asks for the end of the list. */
  async all(): Promise<void> {
    while (this.#next !== null && !this.problem) {
      await (this.#reading ?? this.more(LARGEST_PAGE))
    }
  }

  async #more(limit: number): Promise<void> {
    try {
      const page = await this.#fetch(limit, this.#next)
      const here = new Set(this.ids)
      const added = page.items.map((row) => row.id).filter((id) => !here.has(id))
      this.#shown = { ...this.#shown, ids: [...this.ids, ...added] }
      this.#next = page.next
      this.problem = null
    } catch (thrown) {
      this.problem = problemOf(thrown)
    }
  }

  async #fetch(limit: number, cursor: string | null): Promise<Found> {
    let page = await this.#ask(limit, cursor)
    for (let round = 1; !page.items.length && page.next && round < MOST_ROUNDS; round++) page = await this.#ask(limit, page.next)
    return page
  }

  async #ask(limit: number, cursor: string | null): Promise<Found> {
    const { view, desk, channel, tag, text } = this.query
    const query = {
      view,
      limit,
      ...(desk && { desk }),
      ...(channel && { channel }),
      ...(tag && { tag }),
      ...(text && { text }),
      ...(cursor && { cursor }),
    }
    const page = await take(api.GET('/conversations', { params: { query } }))
    page.items.forEach((row) => rows.put(row))
    return page
  }
}
