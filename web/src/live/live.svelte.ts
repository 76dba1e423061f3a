import { base } from '../api/client'
import { absorb, nothing, type Pending } from './reduce'
import { EventStreamReader } from './sse'

/** Short drops mend themselves and are not worth a word. */
const QUIET_MS = 1_500
/** The server writes at least a comment every 15 s; longer silence is a dead line. */
const SILENCE_MS = 40_000
/** Events that come together are shown together. */
const GATHER_MS = 120
const LONGEST_PAUSE_MS = 15_000

interface Listener {
  show: (pending: Pending) => void
  /** The line is back after a drop: whatever failed to load meanwhile is worth asking for again. */
  back: () => void
  /** The history is not the one that was followed (an older copy was put back): its newest number now. */
  begin: () => Promise<number>
  /** Nobody is signed in any more. */
  out: () => void
}

/**
 * The line to the server. `fetch` and not EventSource, because only this sees the keep-alive comments, and a
 * line that died without closing must not leave the page behind in silence.
 */
class Live {
  state = $state<'off' | 'opening' | 'live' | 'lost'>('off')
  #pending = nothing(0)
  #listener: Listener | null = null
  #stop: AbortController | null = null
  #line: AbortController | null = null
  #gathering: ReturnType<typeof setTimeout> | undefined
  #wake: (() => void) | null = null

  constructor() {
    addEventListener('online', () => this.#wake?.())
    // A browser that knows it is offline need not wait for the silence.
    addEventListener('offline', () => this.#line?.abort())
    document.addEventListener('visibilitychange', () => document.hidden || this.#wake?.())
  }

  /** Follows everything after event `seq` until `stop`. */
  start(seq: number, listener: Listener): void {
    this.stop()
    this.#pending = nothing(seq)
    this.#listener = listener
    this.#stop = new AbortController()
    void this.#follow(this.#stop.signal)
  }

  stop(): void {
    this.#stop?.abort()
    this.#stop = null
    clearTimeout(this.#gathering)
    this.#gathering = undefined
    this.state = 'off'
  }

  async #follow(stopped: AbortSignal): Promise<void> {
    let failures = 0
    let first = true
    this.state = 'opening'
    let grumble: ReturnType<typeof setTimeout> | undefined
    // One clock for the whole drop: attempts that fail quickly do not start it again.
    const dropped = () => {
      grumble ??= setTimeout(() => (this.state = 'lost'), QUIET_MS)
    }
    const opened = () => {
      clearTimeout(grumble)
      grumble = undefined
      failures = 0
      this.state = 'live'
      if (!first) this.#listener?.back()
      first = false
    }
    stopped.addEventListener('abort', () => clearTimeout(grumble), { once: true })
    while (!stopped.aborted) {
      dropped()
      const told = await this.#read(stopped, opened).catch(() => 'dropped' as const)
      if (stopped.aborted) break
      if (told === 'signed-out') {
        this.#listener?.out()
        break
      }
      if (told === 'elsewhere') {
        const seq = await this.#listener?.begin().catch(() => this.#pending.seq)
        this.#pending = nothing(seq ?? this.#pending.seq)
        first = false
      }
      dropped()
      await this.#pause(Math.min(LONGEST_PAUSE_MS, 300 * 2 ** failures++))
    }
    clearTimeout(grumble)
  }

  async #read(stopped: AbortSignal, opened: () => void): Promise<'dropped' | 'signed-out' | 'elsewhere'> {
    const line = new AbortController()
    this.#line = line
    stopped.addEventListener('abort', () => line.abort(), { once: true })
    let watch = setTimeout(() => line.abort(), SILENCE_MS)
    try {
      const response = await fetch(`${base}/live`, {
        headers: { accept: 'text/event-stream', 'last-event-id': String(this.#pending.seq) },
        signal: line.signal,
      })
      if (response.status === 401) return 'signed-out'
      if (response.status === 400 || response.status === 422) return 'elsewhere'
      if (!response.ok || !response.body) return 'dropped'
      opened()
      const reader = new EventStreamReader()
      const text = response.body.pipeThrough(new TextDecoderStream()).getReader()
      for (;;) {
        const { done, value } = await text.read()
        if (done) return 'dropped'
        clearTimeout(watch)
        watch = setTimeout(() => line.abort(), SILENCE_MS)
        for (const frame of reader.push(value)) this.#pending = absorb(this.#pending, frame)
        this.#gather()
      }
    } finally {
      clearTimeout(watch)
    }
  }

  #gather(): void {
    if (!this.#pending.touched.size && !this.#pending.channels.length && !this.#pending.presence) return
    this.#gathering ??= setTimeout(() => {
      this.#gathering = undefined
      const pending = this.#pending
      this.#pending = nothing(pending.seq)
      this.#listener?.show(pending)
    }, GATHER_MS)
  }

  /** Waits, but not past the moment the machine is online again or the page is looked at. */
  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms)
      this.#wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }
}

export const live = new Live()
