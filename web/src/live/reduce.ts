import type { Change, ChannelChange, PresenceNews } from '../api/types'
import type { Frame } from './sse'

/** What has changed on the server and is not on the screen yet. */
export interface Pending {
  /** The newest event number heard of; the stream resumes after it. */
  seq: number
  /** Conversations to read again, each with the last line said about it. */
  touched: Map<string, Change>
  channels: ChannelChange[]
  /** Who is where, as it was said last. */
  presence: PresenceNews | null
}

export function nothing(seq: number): Pending {
  return { seq, touched: new Map(), channels: [], presence: null }
}

/** Takes one frame in. A replayed or doubled event changes nothing; what cannot be read is skipped. */
export function absorb(pending: Pending, frame: Frame): Pending {
  const data = json(frame.data)
  if (frame.event === 'channel' && isChannelChange(data)) {
    return { ...pending, channels: [...pending.channels, data] }
  }
  if (frame.event === 'presence' && isPresence(data)) return { ...pending, presence: data }
  if (frame.event !== 'change' || !isChange(data) || data.seq <= pending.seq) return pending
  const touched = new Map(pending.touched)
  if (data.conversation_id) touched.set(data.conversation_id, data)
  return { ...pending, seq: data.seq, touched }
}

function json(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function isChange(data: unknown): data is Change {
  return typeof data === 'object' && data !== null && 'seq' in data && typeof data.seq === 'number'
}

function isChannelChange(data: unknown): data is ChannelChange {
  return typeof data === 'object' && data !== null && 'channel_id' in data && 'health' in data
}

function isPresence(data: unknown): data is PresenceNews {
  return typeof data === 'object' && data !== null && 'people' in data && 'viewing' in data
}
