import { api, take } from '../api/client'
import { notices } from '../frame/notices.svelte'
import type { Composing, Kind } from './composing.svelte'
import { drafts } from './drafts.svelte'
import { Enclosed } from './enclosing.svelte'

/** Words rest this long before they go to the server. */
const AFTER_MS = 400

/** What a draft holds. */
interface Written {
  kind: Kind
  text: string
  files: Enclosed[]
}

/**
 * Keeps one conversation's drafts on the server, so that they go on at another machine. Three things are compared: what
 * is in the box, what the server has, and what both last agreed on. Where only one has moved on, it goes before the
 * other; where both have, nobody but the writer can say which is meant.
 */
export class Saving {
  /** What is in the box is on the server too. */
  saved = $state(false)
  /** Written on another machine while something else was written here. Until the writer chooses, neither is overwritten. */
  other = $state.raw<Written | null>(null)
  #agreed = new Map<Kind, string>()
  #timers = new Map<Kind, ReturnType<typeof setTimeout>>()
  #line: Promise<void> = Promise.resolve()
  #loading: Promise<void> | null = null
  #stopped = new AbortController()

  constructor(readonly composing: Composing) {
    const { signal } = this.#stopped
    document.addEventListener('visibilitychange', () => document.hidden && void this.flush(), { signal })
  }

  /** Whoever is at this page next is not who wrote this. */
  stop(): void {
    this.#stopped.abort()
    this.#timers.forEach((timer) => clearTimeout(timer))
    this.#timers.clear()
  }

  changed(kind: Kind): void {
    if (this.#stopped.signal.aborted) return
    this.saved = false
    clearTimeout(this.#timers.get(kind))
    this.#timers.set(kind, setTimeout(() => void this.#put(kind), AFTER_MS))
  }

  /** What waits goes now; ends when nothing is on its way any more. */
  flush(): Promise<void> {
    for (const kind of [...this.#timers.keys()]) void this.#put(kind)
    return this.#line
  }

  /** What was being written is being sent: nothing of it may still be on its way to be kept. */
  async rest(kind: Kind): Promise<void> {
    clearTimeout(this.#timers.get(kind))
    this.#timers.delete(kind)
    await this.#line
  }

  /** It was sent, and the server has forgotten it with that. */
  sent(kind: Kind): void {
    clearTimeout(this.#timers.get(kind))
    this.#timers.delete(kind)
    this.#agree(kind, NOTHING)
    // Words begun since are a new draft.
    if (this.#now(kind) !== NOTHING) this.changed(kind)
  }

  /** Looks at what the server has: each time the conversation is opened, or its page is seen again. */
  load(): Promise<void> {
    this.#loading ??= this.#load().finally(() => (this.#loading = null))
    return this.#loading
  }

  /** The writer wants what was written on the other machine. What was in the box can be had back. */
  takeOther(): void {
    const { other, composing } = this
    if (!other) return
    const mine: Written = { kind: other.kind, text: composing[other.kind], files: composing.enclosing.files }
    this.#take(other)
    notices.did('Taken from your other machine.', {
      label: 'Back to mine',
      run: () => {
        composing.restore(mine.kind, mine.text, mine.files)
        this.changed(mine.kind)
      },
    })
  }

  /** The writer wants what is in the box. */
  keepMine(): void {
    const { other } = this
    if (!other) return
    this.#agree(other.kind, state(other))
    this.other = null
    this.changed(other.kind)
  }

  async #load(): Promise<void> {
    const { conversation } = this.composing
    await this.#line
    const kept = await take(api.GET('/conversations/{id}/draft', { params: { path: { id: conversation } } })).catch(() => null)
    if (!kept || this.composing.sending || this.#stopped.signal.aborted) return
    const files = kept.files.map((file) => new Enclosed(file.filename, file.size, file.id))
    this.#compare({ kind: 'reply', text: kept.reply?.text ?? '', files }, kept.reply?.caret ?? 0)
    this.#compare({ kind: 'note', text: kept.note?.text ?? '', files: [] }, kept.note?.caret ?? 0)
  }

  #compare(there: Written, caret: number): void {
    const { kind } = there
    const [ours, theirs, agreed] = [this.#now(kind), state(there), this.#agreedOn(kind)]
    if (this.other?.kind === kind) this.other = null
    if (ours === theirs) {
      this.#agree(kind, theirs)
      this.saved = true
    } else if (ours === agreed) {
      this.#take(there)
      if (kind === this.composing.kind) place(caret)
    } else if (theirs === agreed || theirs === NOTHING) {
      this.changed(kind)
    } else if (ours === NOTHING) {
      this.#take(there)
    } else {
      this.other = there
      this.saved = false
    }
  }

  #take(there: Written): void {
    this.composing.restore(there.kind, there.text, there.files)
    this.#agree(there.kind, state(there))
    if (this.other?.kind === there.kind) this.other = null
    this.saved = true
  }

  #put(kind: Kind): Promise<void> {
    clearTimeout(this.#timers.get(kind))
    this.#timers.delete(kind)
    this.#line = this.#line.then(() => this.#send(kind))
    return this.#line
  }

  async #send(kind: Kind): Promise<void> {
    if (this.#stopped.signal.aborted || this.other?.kind === kind) return
    const { conversation } = this.composing
    const now = this.#now(kind)
    const box = document.getElementById('composer-text')
    const caret = kind === this.composing.kind && box instanceof HTMLTextAreaElement ? box.selectionStart : 0
    const files = kind === 'reply' ? this.composing.enclosing.ids : []
    const body = { kind, text: this.composing[kind], caret, files }
    try {
      // Sent on while the page goes away; browsers do that for 64 KiB at most, and a character may take three bytes.
      const keepalive = body.text.length < 20_000
      await take(api.PUT('/conversations/{id}/draft', { params: { path: { id: conversation } }, body, keepalive }))
      this.#agree(kind, now)
      this.saved = this.#now(kind) === now
    } catch {
      // It is kept here, and goes with the next change or the next visit.
    }
  }

  #now(kind: Kind): string {
    const { composing } = this
    return state({ text: composing[kind], files: kind === 'reply' ? composing.enclosing.files : [] })
  }

  /** Another tab of this browser may have agreed on something else since: what this one last saw counts. */
  #agreedOn(kind: Kind): string {
    return this.#agreed.get(kind) ?? (drafts.agreed(this.composing.conversation, kind) || NOTHING)
  }

  #agree(kind: Kind, what: string): void {
    this.#agreed.set(kind, what)
    drafts.agree(this.composing.conversation, kind, what === NOTHING ? '' : what)
  }
}

/** Back to where one was in the text. */
function place(caret: number): void {
  const box = document.getElementById('composer-text')
  if (!(box instanceof HTMLTextAreaElement)) return
  requestAnimationFrame(() => box.setSelectionRange(caret, caret))
}

function state({ text, files }: Pick<Written, 'text' | 'files'>): string {
  return JSON.stringify([text.trim() ? text : '', files.flatMap((file) => file.id ?? [])])
}

const NOTHING = state({ text: '', files: [] })
