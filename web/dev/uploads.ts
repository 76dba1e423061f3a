import { randomUUID } from 'node:crypto'
import type { components } from '../src/api/schema'

type S = components['schemas']

/** What was added and not sent, with its bytes. */
export const waiting = new Map<string, { upload: S['Upload']; bytes: Buffer }>()
/** What left with an answer. */
export const gone = new Map<string, Buffer>()

export function keep(name: string, declared: string, bytes: Buffer): S['Upload'] {
  const upload = { id: randomUUID(), filename: name, content_type: declared, size: bytes.length }
  waiting.set(upload.id, { upload, bytes })
  return upload
}

/** The files of an answer, no longer waiting. */
export function leave(ids: readonly string[]): S['Attachment'][] {
  return ids.flatMap((id) => {
    const file = waiting.get(id)
    if (!file) return []
    waiting.delete(id)
    gone.set(id, file.bytes)
    return [{ ...file.upload, inline: false, state: 'kept', why: null }]
  })
}

/** An answer was taken back. */
export function back(files: readonly S['Attachment'][]): S['Upload'][] {
  return files.map(({ id, filename, content_type, size }) => {
    const upload = { id, filename, content_type, size }
    waiting.set(id, { upload, bytes: gone.get(id) ?? Buffer.alloc(0) })
    return upload
  })
}
