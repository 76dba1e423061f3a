/** What is spoken. The three regions exist, empty, from the first moment; see LiveRegions.svelte. */
class Announcer {
  /** New patron messages in the open conversation. Only ever grows by one at a time. */
  log = $state<{ key: number; text: string }[]>([])
  status = $state('')
  alert = $state('')
  #key = 0

  heard(text: string): void {
    this.log.push({ key: this.#key++, text })
    // Old lines are removed silently: the region announces additions only.
    if (this.log.length > 20) this.log.shift()
  }

  /** The result of something this person did. */
  did(text: string): void {
    this.status = again(this.status, text)
  }

  /** Only for a failed send and a lost claim. */
  warn(text: string): void {
    this.alert = again(this.alert, text)
  }
}

/** The same sentence twice running is no change to a live region: a no-break space makes it one. */
function again(before: string, text: string): string {
  return before === text ? `${text}\u00a0` : text
}

export const announcer = new Announcer()
