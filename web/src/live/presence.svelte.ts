import { SvelteMap } from 'svelte/reactivity'
import { api, take } from '../api/client'
import type { PresenceNews, PresenceWord } from '../api/types'
import { roster } from '../channels/roster.svelte'
import { session } from '../session/session.svelte'
import { live } from './live.svelte'

/** Who writes on says so again no sooner than this. */
const WROTE_AGAIN_MS = 8_000

interface Here {
  staff: string
  /** By this page's clock, epoch ms. */
  until: number
  replyingUntil: number
}

/** Who is there, who is at which conversation, and saying the same of this page while somebody can see it. */
class Presence {
  #people = new SvelteMap<string, PresenceWord>()
  #here = new SvelteMap<string, Here[]>()
  #known = $state(false)
  #now = $state(Date.now())
  #conversation: string | null = null
  #wrote = new Map<string, number>()
  #said = 0
  #every = 15_000
  #beat: ReturnType<typeof setTimeout> | undefined
  #expiry: ReturnType<typeof setTimeout> | undefined
  #going = false

  constructor() {
    document.addEventListener('visibilitychange', () => this.#turned())
  }

  /** What this person says of themselves. */
  get mine(): PresenceWord {
    return this.#people.get(session.staffId) ?? (this.#known ? 'away' : 'at_desk')
  }

  isAway(staff: string): boolean {
    return this.#known && !this.#people.has(staff)
  }

  /** "June is replying", "June and Kofi are viewing"; nothing where nobody else is. */
  words(conversation: string): string {
    const others = (this.#here.get(conversation) ?? []).filter((one) => one.staff !== session.staffId && one.until > this.#now)
    const replying = others.filter((one) => one.replyingUntil > this.#now)
    if (replying.length) return `${names(replying)} ${replying.length > 1 ? 'are' : 'is'} replying`
    return others.length ? `${names(others)} ${others.length > 1 ? 'are' : 'is'} viewing` : ''
  }

  start(): void {
    this.#going = true
    void this.#tell()
  }

  stop(): void {
    this.#going = false
    clearTimeout(this.#beat)
    clearTimeout(this.#expiry)
    this.#conversation = null
    this.#known = false
    this.#people.clear()
    this.#here.clear()
    this.#wrote.clear()
  }

  /** This conversation is on the page, or none. */
  look(conversation: string | null): void {
    if (conversation === this.#conversation) return
    this.#leave()
    this.#conversation = conversation
    void this.#tell()
  }

  /** This person changed their answer. */
  wrote(conversation: string): void {
    const now = Date.now()
    this.#wrote.set(conversation, now)
    if (conversation === this.#conversation && now - this.#said > WROTE_AGAIN_MS) {
      this.#said = now
      void this.#tell()
    }
  }

  async say(presence: PresenceWord): Promise<void> {
    this.learn(await take(api.PUT('/me/presence', { body: { presence } })))
  }

  learn(news: PresenceNews): void {
    const now = Date.now()
    this.#every = news.again_in_ms
    this.#people.clear()
    news.people.forEach((one) => this.#people.set(one.staff_id, one.presence))
    this.#here.clear()
    for (const one of news.viewing) {
      const here = { staff: one.staff_id, until: now + one.left_ms, replyingUntil: now + one.replying_left_ms }
      this.#here.set(one.conversation_id, [...(this.#here.get(one.conversation_id) ?? []), here])
    }
    this.#known = true
    this.#passed()
  }

  /** What was said counts for a time only: looks again when the next of it ends. */
  #passed(): void {
    const now = Date.now()
    this.#now = now
    const ends = [...this.#here.values()].flat().flatMap((one) => [one.until, one.replyingUntil])
    const next = Math.min(...ends.filter((at) => at > now))
    clearTimeout(this.#expiry)
    if (Number.isFinite(next)) this.#expiry = setTimeout(() => this.#passed(), next - now + 5)
  }

  async #tell(): Promise<void> {
    clearTimeout(this.#beat)
    if (!this.#going || document.hidden) return
    this.#beat = setTimeout(() => void this.#tell(), this.#every)
    // A line that is lost is opened again by others.
    if (live.state === 'lost') return
    const id = this.#conversation
    const wrote = id ? this.#wrote.get(id) : undefined
    try {
      const body = wrote ? { wrote_ago_ms: Date.now() - wrote } : {}
      const news = id
        ? take(api.PUT('/conversations/{id}/presence', { params: { path: { id } }, body }))
        : take(api.GET('/presence'))
      this.learn(await news)
    } catch {
      // The next beat says it again; until then others see nobody here.
    }
  }

  #turned(): void {
    if (!this.#going) return
    if (document.hidden) {
      clearTimeout(this.#beat)
      this.#leave()
    } else void this.#tell()
  }

  #leave(): void {
    const id = this.#conversation
    if (!id || !this.#going || live.state === 'lost') return
    // The page may be on its way out.
    void take(api.DELETE('/conversations/{id}/presence', { params: { path: { id } }, keepalive: true })).catch(() => {})
  }
}

function names(who: readonly Here[]): string {
  return who.map((one) => roster.nameOf(one.staff)).join(' and ')
}

export const presence = new Presence()
