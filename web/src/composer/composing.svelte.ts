import { api, problemOf, take } from '../api/client'
import type { Problem } from '../api/problem'
import type { HistoryEvent, Message } from '../api/types'
import { threads } from '../conversation/thread.svelte'
import { notices } from '../frame/notices.svelte'
import { inbox } from '../inbox/inbox.svelte'
import { session } from '../session/session.svelte'
import { announcer } from '../live/announcer.svelte'
import { uuid } from '../ui/uuid'
import { drafts } from './drafts.svelte'
import { type Enclosed, Enclosing } from './enclosing.svelte'
import { Previewing } from './previewing.svelte'
import { Saving } from './saving.svelte'

export type Kind = 'reply' | 'note'

/** Who is to look through an answer; null: anybody. */
export interface Check {
  reviewer: string | null
}

/** What was said while somebody was writing. */
export interface Newer {
  messages: Message[]
  events: HistoryEvent[]
  seen: number
}

/** Somebody writing in one conversation: both texts, and how far sending has come. */
export class Composing {
  kind = $state<Kind>('reply')
  reply = $state('')
  note = $state('')
  /** The address to answer; null is the first one open. */
  way = $state<string | null>(null)
  sending = $state(false)
  problem = $state.raw<Problem | null>(null)
  newer = $state.raw<Newer | null>(null)
  /** Who owns this, when sending asked what to do about it; whether one may help or only they answer here. */
  ownedBy = $state.raw<{ id: string; name: string; help: boolean } | null>(null)
  /** False only where the browser refuses to keep anything. */
  kept = $state(true)

  /** What goes along with the reply. */
  readonly enclosing: Enclosing
  /** What the reply would become. */
  readonly preview: Previewing
  /** Keeps both texts on the server. */
  readonly saving: Saving

  /** The same for every try to send the same words: an answer lost on its way back is not sent twice. */
  #key = uuid()
  /** The files that the last try named. */
  #files = ''
  /** Somebody is to look through it before it leaves, until it is changed. */
  #check: Check | null = null
  /** Asked about the owner, this person wants to help. */
  #helps = false

  constructor(readonly conversation: string) {
    this.enclosing = new Enclosing(conversation)
    this.preview = new Previewing(conversation)
    this.saving = new Saving(this)
    this.enclosing.changed = () => this.saving.changed('reply')
    this.reply = drafts.read(conversation, 'reply')
    this.note = drafts.read(conversation, 'note')
    if (this.note && !this.reply) this.kind = 'note'
  }

  get text(): string {
    return this.kind === 'reply' ? this.reply : this.note
  }

  /** Whether there is anything to send, or to save. */
  get some(): boolean {
    return this.text.trim() !== '' || (this.kind === 'reply' && this.enclosing.files.length > 0)
  }

  /** Takes the words in and keeps them at once. */
  write(text: string, kind: Kind = this.kind): void {
    if (kind === 'reply') this.#key = uuid()
    this[kind] = text
    this.kept = drafts.keep(this.conversation, kind, text)
    this.saving.changed(kind)
  }

  /** What the server has in place of what is here. */
  restore(kind: Kind, text: string, files: Enclosed[]): void {
    if (kind === 'reply') {
      this.#key = uuid()
      this.enclosing.restore(files)
    }
    this[kind] = text
    this.kept = drafts.keep(this.conversation, kind, text)
    if (kind === 'note' && text && !this.reply && !this.enclosing.files.length) this.kind = 'note'
  }

  /** An answer that did not arrive is a draft again, with copies of its files. */
  again(message: Message): void {
    this.kind = 'reply'
    this.write(message.text, 'reply')
    void this.enclosing.again(message.attachments)
  }

  /** `read`: what is new has been read above the text. `helps`: the answer to whose this is. */
  async send({ read = false, helps = false, done = false, check = null as Check | null } = {}): Promise<void> {
    if (check) [this.kind, this.#check] = ['reply', check]
    if (this.sending || !this.some) return
    // A question about this text is open: pressing Send once more is no answer to it.
    if (this.kind === 'reply' && ((this.newer && !read) || (this.ownedBy && !helps))) return
    const adding = this.kind === 'reply' ? this.enclosing.pending : null
    if (adding) return announcer.warn(`Not sent yet: ${adding.name} is still being added.`)
    const refused = this.kind === 'reply' ? this.preview.refuses(this.reply, this.enclosing.ids) : null
    if (refused) return announcer.warn(`Not sent. ${refused}`)
    if (read || helps) this.#acknowledge()
    this.#helps ||= helps
    this.sending = true
    this.problem = null
    try {
      await (this.kind === 'note' ? this.#addNote() : this.#reply(done))
    } catch (thrown) {
      this.#refused(problemOf(thrown))
      this.saving.changed(this.kind)
    } finally {
      this.sending = false
    }
  }

  async #addNote(): Promise<void> {
    const thread = threads.get(this.conversation)
    const path = { id: this.conversation }
    const sent = this.note
    await this.saving.rest('note')
    const note = await take(api.POST('/conversations/{id}/notes', { params: { path }, body: { text: sent } }))
    thread.add(note)
    if (this.note === sent) this.write('', 'note')
    this.saving.sent('note')
    notices.did('Note saved for staff.')
  }

  async #reply(done: boolean): Promise<void> {
    const thread = threads.get(this.conversation)
    const [sent, files] = [this.reply, this.enclosing.ids]
    await this.saving.rest('reply')
    // Other files are another answer.
    if (files.join() !== this.#files) [this.#key, this.#files] = [uuid(), files.join()]
    const body = {
      text: sent,
      ...(files.length && { files }),
      seen: thread.seen,
      key: this.#key,
      ...(this.way && { way: this.way }),
      ...(this.#helps && { helps: true }),
      ...(done && { done: true }),
    }
    if (this.#check || session.me?.staff.reviewed) return this.#forReview(body, sent, files)
    const message = await take(
      api.POST('/conversations/{id}/replies', { params: { path: { id: this.conversation } }, body }),
    )
    thread.add(message)
    this.#helps = false
    if (this.reply === sent) this.write('', 'reply')
    this.enclosing.left(files)
    this.saving.sent('reply')
    if (message.delivery?.state === 'held') this.#held(message)
    else notices.did('Sent.')
    void thread.read(false)
    void inbox.refresh()
  }

  /** It waits for a colleague, and is out of the box as when it is sent. */
  async #forReview(body: { text: string; seen: number; key: string }, sent: string, files: string[]): Promise<void> {
    const reviewer = this.#check?.reviewer ?? null
    const path = { id: this.conversation }
    await take(api.POST('/conversations/{id}/reviews', { params: { path }, body: { ...body, reviewer } }))
    this.#helps = false
    this.#check = null
    if (this.reply === sent) this.write('', 'reply')
    this.enclosing.left(files)
    this.saving.sent('reply')
    notices.did('It waits to be looked through. Nothing has left yet.')
    void threads.get(this.conversation).read(false)
    void inbox.refresh()
  }

  /** There is time to think again: the timeline counts it down, and the keys are commands at once. */
  #held(message: Message): void {
    notices.undo = { label: 'Undo', run: () => void this.takeBack(message.id) }
    announcer.did('Held for a moment, then sent. Z takes it back.')
    document.getElementById('conversation')?.focus()
  }

  #refused(problem: Problem): void {
    if (problem.kind === 'newer' && problem.body.newer) {
      this.newer = { ...problem.body.newer, seen: problem.body.seen ?? 0 }
      void threads.get(this.conversation).read(false)
      announcer.warn('Not sent: something new was said. Your text is kept.')
    } else if (problem.kind === 'claimed' || problem.kind === 'owners-only') {
      const { id = '', name = 'A colleague' } = problem.body.owner ?? {}
      this.ownedBy = { id, name, help: problem.kind === 'claimed' }
      announcer.warn(`Not sent. ${problem.message}`)
    } else {
      this.problem = problem
      announcer.warn(`Not sent. ${problem.message}`)
    }
  }

  /** Keeps writing, now knowing what is new. */
  edit(): void {
    this.#acknowledge()
    this.#helps = false
    this.#check = null
  }

  #acknowledge(): void {
    const { newer } = this
    if (newer) threads.get(this.conversation).seen = Math.max(threads.get(this.conversation).seen, newer.seen)
    this.newer = null
    this.ownedBy = null
  }

  /** What was to be an answer becomes a note for whoever has this. */
  toNote(): void {
    const text = this.reply
    this.kind = 'note'
    this.write(this.note.trim() ? `${this.note}\n\n${text}` : text, 'note')
    this.write('', 'reply')
    this.edit()
  }

  discard(): void {
    const discarded = this.reply
    this.edit()
    this.write('', 'reply')
    notices.did('Text discarded.', { label: 'Bring it back', run: () => this.write(discarded, 'reply') })
  }

  /** Undo within the hold: the reply never leaves, and its words are a draft again. */
  async takeBack(messageId: string): Promise<void> {
    const path = { id: this.conversation, message_id: messageId }
    try {
      const { text, files } = await take(
        api.DELETE('/conversations/{id}/replies/{message_id}', { params: { path } }),
      )
      threads.get(this.conversation).drop(messageId)
      // Words begun since are not thrown away for the old ones.
      this.write(text.trim() && this.reply.trim() ? `${text}\n\n${this.reply}` : text || this.reply, 'reply')
      this.enclosing.back(files)
      this.kind = 'reply'
      notices.did(`Not sent. Your ${text.trim() ? 'text' : 'answer'} is back in the box.`)
      void inbox.refresh()
    } catch (thrown) {
      notices.lost(problemOf(thrown).message)
    }
    void threads.get(this.conversation).read(false)
  }
}

class Composers {
  #kept = new Map<string, Composing>()

  for(conversation: string): Composing {
    let composing = this.#kept.get(conversation)
    if (!composing) {
      composing = new Composing(conversation)
      this.#kept.set(conversation, composing)
    }
    return composing
  }

  /** What waits to be kept on the server goes now. */
  async flush(): Promise<void> {
    await Promise.all([...this.#kept.values()].map((one) => one.saving.flush()))
  }

  /** One conversation is part of another: what was being written in it goes along, below what is there. */
  lead(from: string, into: string): void {
    const [old, there] = [this.for(from), this.for(into)]
    for (const kind of ['reply', 'note'] as const) {
      if (!old[kind].trim()) continue
      there.write(there[kind].trim() ? `${there[kind]}\n\n${old[kind]}` : old[kind], kind)
      there.kind = kind
      // The server has taken it along already.
      old.write('', kind)
      old.saving.sent(kind)
    }
  }

  clear(): void {
    this.#kept.forEach((one) => one.saving.stop())
    this.#kept.clear()
  }
}

export const composers = new Composers()
drafts.flush = () => composers.flush()
