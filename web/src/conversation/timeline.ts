import type { HistoryEvent, Message } from '../api/types'
import { dayHeading, dayKey } from '../ui/time'

export type Item =
  | { type: 'day'; key: string; text: string }
  | { type: 'message'; key: string; message: Message }
  | { type: 'event'; key: string; event: HistoryEvent }
  | { type: 'run'; key: string; events: HistoryEvent[] }
  | { type: 'switch'; key: string; from: string; to: string }

/** Told by the message itself, so its line would only repeat it. */
const toldByMessages = new Set<HistoryEvent['kind']>([
  'opened',
  'message',
  'reply',
  'echo',
  'away',
  'note',
  'sent',
  'delivered',
  'failed',
  'unknown',
])

/** What the patron already told us, and where conversations came together or went apart, is read, not looked for. */
const read = new Set<HistoryEvent['kind']>(['handed_off', 'review_returned', 'joined', 'split', 'split_off'])

/** This many quiet lines in a row fold into one. */
const RUN = 3

/** What a conversation's pane shows, oldest first. */
export function timeline(
  messages: readonly Message[],
  events: readonly HistoryEvent[],
  now: number,
  zone: string,
): Item[] {
  type Entry = { seq: number; at: string; message?: Message; event?: HistoryEvent }
  const entries: Entry[] = [
    ...messages.map((message) => ({ seq: message.seq, at: message.at, message })),
    ...events
      .filter((event) => !toldByMessages.has(event.kind))
      .map((event) => ({ seq: event.seq, at: event.at, event })),
  ].sort((a, b) => a.seq - b.seq)

  const items: Item[] = []
  let day = ''
  let channel: string | null = null
  for (const { at, message, event } of entries) {
    const moment = Date.parse(at)
    const key = dayKey(moment, zone)
    if (key !== day) {
      items.push({ type: 'day', key: `day ${key} ${items.length}`, text: dayHeading(moment, now, zone) })
      day = key
    }
    if (message) {
      const on = message.kind === 'note' ? null : message.channel_id
      if (on && channel && on !== channel) items.push({ type: 'switch', key: `switch ${message.id}`, from: channel, to: on })
      channel = on ?? channel
      items.push({ type: 'message', key: message.id, message })
    } else if (event) {
      items.push({ type: 'event', key: `event ${event.seq}`, event })
    }
  }
  return fold(items)
}

function fold(items: Item[]): Item[] {
  const folded: Item[] = []
  let run: HistoryEvent[] = []
  const close = () => {
    const [first] = run
    if (first && run.length >= RUN) folded.push({ type: 'run', key: `run ${first.seq}`, events: run })
    else folded.push(...run.map((event): Item => ({ type: 'event', key: `event ${event.seq}`, event })))
    run = []
  }
  for (const item of items) {
    if (item.type === 'event' && !read.has(item.event.kind)) run.push(item.event)
    else {
      close()
      folded.push(item)
    }
  }
  close()
  return folded
}
