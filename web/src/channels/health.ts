import type { Channel } from '../api/types'

export interface Summary {
  tone: 'well' | 'behind' | 'stopped'
  head: string
  rest: string | null
}

export function stopped(channel: Channel): boolean {
  return channel.state === 'needs_signin' || channel.state === 'blocked'
}

/** Whether everybody is told of it on every screen. */
export function loud(channel: Channel): boolean {
  return stopped(channel) || Boolean(channel.budget?.used_up)
}

/** The worst channel first, in its own words, and how the others are. */
export function summary(channels: readonly Channel[]): Summary {
  const ill = channels.filter((one) => stopped(one) || one.state === 'degraded' || one.state === 'paused')
  const worst = ill.find(stopped) ?? ill.find((one) => one.state === 'degraded') ?? ill[0]
  if (!worst) {
    const only = channels.length === 1 ? channels[0] : undefined
    if (only) return { tone: 'well', head: only.name, rest: only.health }
    return { tone: 'well', head: 'All channels are up to date', rest: null }
  }
  const well = channels.length - ill.length
  const others = [
    ...(ill.length > 1 ? [`${ill.length - 1} more ${ill.length === 2 ? 'needs' : 'need'} a look`] : []),
    ...(well ? [`${well} other ${well === 1 ? 'channel is' : 'channels are'} up to date`] : []),
  ]
  return {
    tone: stopped(worst) ? 'stopped' : 'behind',
    head: `${worst.name}: ${worst.health}`,
    rest: others.join(', ') || null,
  }
}
