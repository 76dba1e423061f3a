import type { Change, ChannelChange } from '../api/types'
import type { Frame } from './sse'

/** What has changed on the server and is not on the screen yet. */
export interface Pending {
  /** The newest event number heard of; the stream resumes after it. */
  seq: number
  /** Conversations to read again, each with the last line said about it. */
  touched: Map<string, Change>
  channels: ChannelChange[]
}

export function nothing(seq: number): Pending {
  return { seq, touched: new Map(), channels: [] }
}

/** Takes one frame in. A replayed or doubled event changes nothing; what cannot be read is skipped. */
export function absorb(pending: Pending, frame: Frame): Pending {
  const data = json(frame.data)
  if (frame.event === 'channel' && isChannelChange(data)) {
    return { ...pending, channels: [...pending.channels, data] }
  }
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
