import { api, base, problemOf, take } from '../api/client'
import { asProblem, unreachable } from '../api/problem'
import type { components } from '../api/schema'
import type { Attachment } from '../api/types'
import { announcer } from '../live/announcer.svelte'
import { uuid } from '../ui/uuid'
import { drafts } from './drafts.svelte'
import { objection, type Rules } from './rules'

type Upload = components['schemas']['Upload']

/** A file in the composer: on its way to the server, or there and waiting for its answer. */
export class Enclosed {
  readonly key = uuid()
  /** The server's name for it; null: it is on its way. */
  id = $state<string | null>(null)
  /** How much of it is there, 0 to 1. */
  progress = $state(0)
  #calls = new AbortController()

  constructor(
    readonly name: string,
    readonly size: number,
    id: string | null = null,
  ) {
    this.id = id
    if (id) this.progress = 1
  }

  get signal(): AbortSignal {
    return this.#calls.signal
  }

  stop(): void {
    this.#calls.abort()
  }
}

/** The files of one answer that is being written. What is there is kept with its draft. */
export class Enclosing {
  files = $state<Enclosed[]>([])
  /** Why the last ones were not added, in sentences. */
  refused = $state('')
  /** Told whenever the list is another one. */
  changed: () => void = () => {}
  #looked = false

  constructor(readonly conversation: string) {
    this.files = drafts.files(conversation).map((one) => new Enclosed(one.name, one.size, one.id))
  }

  /** What a reply names. */
  get ids(): string[] {
    return this.files.flatMap((file) => file.id ?? [])
  }

  /** The one that is still on its way; null: all are there. */
  get pending(): Enclosed | null {
    return this.files.find((file) => !file.id) ?? null
  }

  /** Asks once whether what an earlier visit left is still there: files wait for a day. */
  async look(): Promise<void> {
    if (this.#looked || !this.ids.length) return
    this.#looked = true
    const there = await take(api.GET('/uploads')).catch(() => null)
    if (!there) return void (this.#looked = false)
    const gone = this.files.filter((file) => file.id && !there.items.some((one) => one.id === file.id))
    if (!gone.length) return
    this.#set(this.files.filter((file) => !gone.includes(file)))
    const names = gone.map((file) => file.name).join(', ')
    this.#refuse([`${names} ${gone.length === 1 ? 'was' : 'were'} kept for a day and ${gone.length === 1 ? 'is' : 'are'} gone. Add ${gone.length === 1 ? 'it' : 'them'} again.`])
  }

  /** Takes these in; each that cannot go is named with the reason, and the others stay. */
  async add(given: Iterable<File>, rules: Rules | undefined): Promise<void> {
    const refused: string[] = []
    const begun: Promise<void>[] = []
    this.refused = ''
    for (const file of given) {
      const why = objection(rules, this.files, file)
      if (why) refused.push(why)
      else begun.push(this.#send(file))
    }
    this.#refuse(refused)
    await Promise.all(begun)
  }

  remove(file: Enclosed): void {
    file.stop()
    this.#set(this.files.filter((one) => one !== file))
    this.refused = ''
    announcer.did(`${file.name} removed.`)
    // Whatever is left there is thrown away after a day.
    if (file.id) void take(api.DELETE('/uploads/{id}', { params: { path: { id: file.id } } })).catch(() => {})
  }

  /** They left with their answer. */
  left(ids: readonly string[]): void {
    this.#set(this.files.filter((file) => !file.id || !ids.includes(file.id)))
    this.refused = ''
  }

  /** An answer was taken back, and with it its files. */
  back(files: readonly Upload[]): void {
    const again = files.filter((one) => !this.ids.includes(one.id)).map((one) => new Enclosed(one.filename, one.size, one.id))
    this.#set([...again, ...this.files])
  }

  /** These in place of what is here: they come from the server, which need not be told. */
  restore(files: Enclosed[]): void {
    this.files = files
    this.#keep()
  }

  /** Adds copies of what an earlier answer carried. */
  async again(files: readonly Attachment[]): Promise<void> {
    const copy = async ({ id, filename, content_type }: Attachment): Promise<void> => {
      const answer = await fetch(`${base}/attachments/${id}`).catch(() => null)
      if (answer?.ok) return this.#send(new File([await answer.blob()], filename, { type: content_type }))
      this.#refuse([`${filename} could not be read again. Add it once more.`])
    }
    for (const file of files) await copy(file)
  }

  async #send(file: File): Promise<void> {
    const adding = new Enclosed(file.name, file.size)
    this.#set([...this.files, adding])
    // The list holds what it was given behind a proxy of its own: changes count only there.
    const shown = this.files.find((one) => one.key === adding.key) ?? adding
    try {
      const kept = await upload(file, shown.signal, (progress) => (shown.progress = progress))
      shown.id = kept.id
      this.#set(this.files)
      announcer.did(`${file.name} added.`)
    } catch (thrown) {
      if (shown.signal.aborted) return
      this.#set(this.files.filter((one) => one !== shown))
      this.#refuse([`${file.name} was not added. ${problemOf(thrown).message}`])
    }
  }

  #refuse(sentences: readonly string[]): void {
    if (!sentences.length) return
    this.refused = [this.refused, ...sentences].filter(Boolean).join(' ')
    announcer.warn(this.refused)
  }

  #set(files: Enclosed[]): void {
    this.files = files
    this.#keep()
    this.changed()
  }

  #keep(): void {
    const there = this.files.flatMap((file) => (file.id ? { id: file.id, name: file.name, size: file.size } : []))
    drafts.keepFiles(this.conversation, there)
  }
}

/** `fetch` cannot say how far it has come with what it sends. */
function upload(file: File, signal: AbortSignal, progress: (share: number) => void): Promise<Upload> {
  return new Promise((resolve, reject) => {
    const call = new XMLHttpRequest()
    call.open('POST', `${base}/uploads?name=${encodeURIComponent(file.name)}`)
    call.setRequestHeader('content-type', file.type || 'application/octet-stream')
    call.responseType = 'json'
    call.upload.onprogress = (event) => event.lengthComputable && progress(event.loaded / event.total)
    call.onload = () => {
      if (call.status === 201) resolve(call.response as Upload)
      else reject(asProblem(call.response, call.status))
    }
    call.onerror = () => reject(unreachable())
    call.onabort = () => reject(unreachable())
    signal.addEventListener('abort', () => call.abort())
    call.send(file)
  })
}
