import { daysApart, hourMinute, weekday } from '../ui/time'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

export interface Stamp {
  text: string
  tone: 'ok' | 'due' | 'late'
}

/** The due-date stamp: the answer-by time a desk gave, as a library would stamp it. */
export function dueStamp(dueAt: number, now: number, zone: string): Stamp {
  const left = dueAt - now
  if (left < 0) return { text: `${lateness(-left)} LATE`, tone: 'late' }
  const tone = left <= HOUR ? 'due' : 'ok'
  return { text: `DUE ${dueWhen(dueAt, now, zone)}`, tone }
}

function dueWhen(dueAt: number, now: number, zone: string): string {
  const days = daysApart(dueAt, now, zone)
  if (days <= 0) return hourMinute(dueAt, zone)
  if (days === 1) return 'TOMORROW'
  if (days < 7) return weekday(dueAt, zone).toUpperCase()
  return `IN ${days} DAYS`
}

function lateness(late: number): string {
  if (late < HOUR) return `${Math.max(1, Math.floor(late / MINUTE))} MIN`
  if (late < 48 * HOUR) return `${Math.floor(late / HOUR)} H`
  return `${Math.floor(late / (24 * HOUR))} DAYS`
}
