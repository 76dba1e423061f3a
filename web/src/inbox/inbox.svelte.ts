import { api, take } from '../api/client'
import type { ServerView } from '../api/types'
import { hrefOf, router, savedHref, type Filters, type ViewName } from '../router.svelte'
import { RowList, type Query } from './list.svelte'
import { saved } from './saved.svelte'

export interface Group {
  title: string | null
  list: RowList
}

/** Every search makes a list; those longest unused are let go. */
const LISTS_KEPT = 12

const titles: Record<ViewName, string> = {
  desk: 'My desk',
  unclaimed: 'Unclaimed',
  mine: 'Mine',
  watching: 'Watching',
  waiting: 'Waiting on patron',
  snoozed: 'Snoozed',
  done: 'Done',
  spam: 'Spam',
  all: 'All',
}

export function titleOf(view: ViewName): string {
  return titles[view]
}

/** What the list pane shows, which row is chosen, and how one moves through it. */
class Inbox {
  counts = $state.raw<Partial<Record<ServerView, number>>>({})
  /** Set by the grid: true while moving a row would pull it from under somebody's pointer or focus. */
  still: () => boolean = () => false
  /** Set by the grid: brings a row into view, and focus with it when asked. */
  reveal: (id: string, focus: boolean) => Promise<void> = async () => {}
  #lists = new Map<string, RowList>()
  #where = $derived(router.route.at === 'inbox' ? router.route : null)

  view = $derived<ViewName>(this.#where?.view ?? 'desk')
  chosen = $derived<string | null>(this.#where?.cid ?? null)
  // One by one, so that choosing another row does not look like another filter.
  #desk = $derived(this.#where?.desk ?? null)
  #channel = $derived(this.#where?.channel ?? null)
  #tag = $derived(this.#where?.tag ?? null)
  /** The saved search that is shown; null: none. */
  saved = $derived<string | null>(this.#where?.saved ?? null)
  #text = $derived(this.saved ? (saved.one(this.saved)?.query ?? '') : (this.#where?.text ?? ''))
  filters = $derived<Filters>({ desk: this.#desk, channel: this.#channel, tag: this.#tag, text: this.#text })
  filtered = $derived(Boolean(this.filters.desk || this.filters.channel || this.filters.tag || this.filters.text))
  groups = $derived<Group[]>(
    this.saved && !this.#text
      ? []
      : this.view === 'desk'
      ? [
          { title: 'Yours', list: this.#list('mine') },
          { title: 'Unclaimed', list: this.#list('unclaimed') },
        ]
      : [{ title: null, list: this.#list(this.view) }],
  )
  /** How the words that are looked for were understood. */
  search = $derived(this.#text ? (this.groups[0]?.list.search ?? null) : null)
  order = $derived(this.groups.flatMap((group) => group.list.ids))

  /** How many are in a view, when no filter makes the count untrue. */
  count(view: ViewName): number | null {
    const { mine, unclaimed } = this.counts
    if (view === 'desk') return mine === undefined || unclaimed === undefined ? null : mine + unclaimed
    return this.counts[view] ?? null
  }

  #list(view: ServerView): RowList {
    const query: Query = { view, ...this.filters }
    const key = JSON.stringify(query)
    const list = this.#lists.get(key) ?? new RowList(query)
    this.#lists.delete(key)
    this.#lists.set(key, list)
    const [oldest] = this.#lists.keys()
    if (this.#lists.size > LISTS_KEPT && oldest) this.#lists.delete(oldest)
    return list
  }

  async refresh(): Promise<void> {
    const still = () => this.still()
    await Promise.all([this.recount(), ...this.groups.map((group) => group.list.refresh(still))])
  }

  async recount(): Promise<void> {
    try {
      const counts = await take(api.GET('/views'))
      this.counts = Object.fromEntries(counts.items.map((one) => [one.view, one.count]))
    } catch {
      // The lists say what is wrong; old counts are better than none.
    }
  }

  hrefTo(cid: string | null): string {
    return this.saved ? savedHref(this.saved, cid) : hrefOf(this.view, cid, this.filters)
  }

  choose(cid: string | null, how: 'push' | 'replace' = 'replace'): void {
    if (cid !== this.chosen) this.groups.forEach((group) => group.list.settle())
    router.go(this.hrefTo(cid), how)
  }

  /** The row `by` places from the chosen one; the first (or last) when none is. */
  neighbour(by: number): string | null {
    const { order } = this
    if (!order.length) return null
    const at = this.chosen ? order.indexOf(this.chosen) : -1
    if (at < 0) return (by > 0 ? order[0] : order[order.length - 1]) ?? null
    return order[Math.min(order.length - 1, Math.max(0, at + by))] ?? null
  }

  narrow(filters: Partial<Filters>): void {
    router.go(hrefOf(this.view, this.chosen, { ...this.filters, ...filters }), 'replace')
  }

  clear(): void {
    this.#lists.clear()
    this.counts = {}
  }
}

export const inbox = new Inbox()
