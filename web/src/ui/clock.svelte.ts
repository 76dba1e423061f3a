/** What time the server has: this machine's clock, put right by what the server's answers say. */
class Clock {
  #tick = $state(Date.now())
  #skew = 0

  constructor() {
    setInterval(() => this.#touch(), 15_000)
    document.addEventListener('visibilitychange', () => this.#touch())
  }

  #touch() {
    this.#tick = Date.now()
  }

  /** Server time in epoch ms, re-read by every reader four times a minute. */
  get now(): number {
    return this.#tick + this.#skew
  }

  /** Server time this instant; reading it subscribes to nothing. */
  exact(): number {
    return Date.now() + this.#skew
  }

  /** Learns from a `Date` header (whole seconds): small differences are noise and are ignored. */
  learn(header: string | null): void {
    const server = header ? Date.parse(header) : NaN
    if (Number.isNaN(server)) return
    const skew = server - Date.now()
    const next = Math.abs(skew) < 5_000 ? 0 : skew
    if (Math.abs(next - this.#skew) >= 2_000) {
      this.#skew = next
      this.#touch()
    }
  }
}

export const clock = new Clock()
