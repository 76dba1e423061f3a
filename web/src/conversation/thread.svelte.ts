import { SvelteMap } from 'svelte/reactivity'
import { api, problemOf, take } from '../api/client'
import type { Problem } from '../api/problem'
import type { Conversation, HistoryEvent, Message } from '../api/types'
import { rows } from '../inbox/rows.svelte'
import { announcer } from '../live/announcer.svelte'
import { clock } from '../ui/clock.svelte'
import { fresher, join } from './join'
import { watching } from './watching.svelte'

/** What appears while somebody writes counts as seen only after it has been in view this long. */
const SEEN_AFTER_MS = 1_500

/** By these lines messages went to another conversation. */
const left = new Set<HistoryEvent['kind']>(['split', 'merge_undone'])

/** One conversation as far as it has been read. */
export class Thread {
  data = $state.raw<Conversation | null>(null)
  messages = $state.raw<Message[]>([])
  events = $state.raw<HistoryEvent[]>([])
  phase = $state<'loading' | 'ready' | 'failed'>('loading')
  problem = $state.raw<Problem | null>(null)
  /** Where older messages go on; null when the first one is on the page. */
  earlier = $state<string | null>(null)
  /** The newest event its reader has had time to see; a reply carries it. */
  seen = 0
  /** When held replies leave, by this page's clock: message id to epoch ms. */
  leaves = new SvelteMap<string, number>()
  #reading: Promise<void> | null = null
  /** Asked for while a reading was under way, which may be older than the news; and whether that is to be spoken. */
  #again: { aloud: boolean } | null = null

  constructor(readonly id: string) {}

  /** Reads the newest part. Speaks new patron messages when `aloud`. */
  read(aloud: boolean): Promise<void> {
    if (this.#reading) {
      this.#again = { aloud: aloud || (this.#again?.aloud ?? false) }
      return this.#reading
    }
    this.#reading = this.#read(aloud).then(() => {
      this.#reading = null
      const again = this.#again
      this.#again = null
      return again ? this.read(again.aloud) : undefined
    })
    return this.#reading
  }

  async #read(aloud: boolean): Promise<void> {
    try {
      const fresh = await take(api.GET('/conversations/{id}', { params: { path: { id: this.id } } }))
      const known = new Set(this.messages.map((message) => message.id))
      const first = this.phase !== 'ready'
      this.#accept(fresh)
      if (aloud && !first) {
        for (const message of fresh.messages) {
          if (message.direction === 'in' && !known.has(message.id)) {
            announcer.heard(`${message.author.name}: ${message.reply_text || message.text}`)
          }
        }
      }
    } catch (thrown) {
      this.problem = problemOf(thrown)
      if (this.phase === 'loading') this.phase = 'failed'
    }
  }

  #accept(fresh: Conversation): void {
    rows.learn(fresh)
    watching.learn(this.id, fresh.watching)
    // What went to another conversation is not here any more, however far back it was read.
    const parted = fresh.events.some((one) => left.has(one.kind) && one.seq > (this.events.at(-1)?.seq ?? Infinity))
    if (parted) this.messages = []
    const messages = join(this.messages, fresh.messages, fresh.earlier !== null)
    const events = join(this.events, fresh.events, fresh.earlier !== null)
    // Where nothing older was kept, the fresh part says where to go on.
    if (messages[0]?.id === fresh.messages[0]?.id) this.earlier = fresh.earlier
    this.data = fresh
    this.messages = messages
    this.events = events
    if (this.phase === 'ready') this.#see(fresh.seen)
    else this.seen = fresh.seen
    this.phase = 'ready'
    this.problem = null
  }

  #see(seq: number): void {
    const look = () => {
      if (document.hidden) document.addEventListener('visibilitychange', wait, { once: true })
      else this.seen = Math.max(this.seen, seq)
    }
    const wait = () => setTimeout(look, SEEN_AFTER_MS)
    wait()
  }

  async older(): Promise<void> {
    if (!this.earlier) return
    try {
      const params = { path: { id: this.id }, query: { before: this.earlier } }
      const part = await take(api.GET('/conversations/{id}', { params }))
      this.messages = fresher(part.messages, this.messages)
      this.events = fresher(part.events, this.events)
      this.earlier = part.earlier
    } catch (thrown) {
      this.problem = problemOf(thrown)
    }
  }

  /** A reply or note the server has just confirmed. */
  add(message: Message): void {
    this.messages = fresher(this.messages, [message])
    this.seen = Math.max(this.seen, message.seq)
    const release = message.delivery?.release_at
    if (release) {
      // Both times are the server's; only their distance is used, so a wrong clock here does no harm.
      this.leaves.set(message.id, clock.exact() + Math.max(0, Date.parse(release) - Date.parse(message.at)))
    }
  }

  drop(messageId: string): void {
    this.messages = this.messages.filter((message) => message.id !== messageId)
    this.leaves.delete(messageId)
  }

  /** When a held reply leaves, or null when it no longer can be called back. */
  releaseOf(message: Message): number | null {
    if (message.delivery?.state !== 'held') return null
    const at = this.leaves.get(message.id)
    return at ?? (message.delivery.release_at ? Date.parse(message.delivery.release_at) : null)
  }
}

class Threads {
  #kept = new Map<string, Thread>()

  get(id: string): Thread {
    let thread = this.#kept.get(id)
    if (!thread) {
      thread = new Thread(id)
      this.#kept.set(id, thread)
    }
    return thread
  }

  /** Reads again whatever was read before: shown now when it is `open`, else the next time it is. */
  touched(id: string, open: boolean): void {
    const thread = this.#kept.get(id)
    if (thread && open) void thread.read(true)
  }

  clear(): void {
    this.#kept.clear()
  }
}

export const threads = new Threads()
