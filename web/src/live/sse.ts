export interface Frame {
  id: string | null
  event: string
  data: string
}

/** Reads text/event-stream from text that arrives cut anywhere. */
export class EventStreamReader {
  #rest = ''
  #frame: Frame = { id: null, event: 'message', data: '' }

  push(chunk: string): Frame[] {
    const lines = (this.#rest + chunk).split(/\r\n|\n|\r(?!$)/)
    this.#rest = lines.pop() ?? ''
    const frames: Frame[] = []
    for (const line of lines) {
      if (line === '') {
        if (this.#frame.data) frames.push({ ...this.#frame, data: this.#frame.data.slice(0, -1) })
        this.#frame = { id: null, event: 'message', data: '' }
      } else {
        this.#field(line)
      }
    }
    return frames
  }

  #field(line: string): void {
    const colon = line.indexOf(':')
    // A comment only shows that the line is alive.
    if (colon === 0) return
    const name = colon < 0 ? line : line.slice(0, colon)
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '')
    if (name === 'id') this.#frame.id = value
    else if (name === 'event') this.#frame.event = value
    else if (name === 'data') this.#frame.data += `${value}\n`
  }
}
