import { api, take } from '../api/client'
import type { Channel, ChannelChange, Desk, Look, Staff, Tag } from '../api/types'
import { session } from '../session/session.svelte'

const unknown: Look = { word: 'Unknown channel', icon: 'dot', light: '#5F665F', dark: '#A0A59C' }

/** The people, desks and channels that ids elsewhere stand for. */
class Roster {
  staff = $state.raw<Staff[]>([])
  desks = $state.raw<Desk[]>([])
  channels = $state.raw<Channel[]>([])
  tags = $state.raw<Tag[]>([])

  async load(): Promise<void> {
    const [staff, desks, channels, tags] = await Promise.all([
      take(api.GET('/staff')),
      take(api.GET('/desks')),
      take(api.GET('/channels')),
      take(api.GET('/tags')),
    ])
    this.staff = staff.items
    this.desks = desks.items
    this.channels = channels.items
    this.tags = tags.items
  }

  /** The house's tags alone. */
  async loadTags(): Promise<void> {
    this.tags = (await take(api.GET('/tags'))).items
  }

  tagName(id: string): string {
    return this.tags.find((one) => one.id === id)?.name ?? 'A tag'
  }

  /** The channels alone, with everything that is known of them. */
  async refreshChannels(): Promise<void> {
    this.channels = (await take(api.GET('/channels'))).items
  }

  channel(id: string | null): Channel | undefined {
    return this.channels.find((one) => one.id === id)
  }

  look(channelId: string | null): Look {
    return this.channel(channelId)?.look ?? unknown
  }

  desk(id: string): Desk | undefined {
    return this.desks.find((one) => one.id === id)
  }

  /** `You` for the person reading. */
  nameOf(staffId: string): string {
    if (staffId === session.staffId) return 'You'
    const person = this.staff.find((one) => one.id === staffId)
    return person?.public_name ?? person?.name ?? 'A colleague'
  }

  initialsOf(staffId: string): string {
    return this.staff.find((one) => one.id === staffId)?.initials ?? '?'
  }

  /** A channel's health changed while the page was open. */
  update(change: ChannelChange): void {
    const { channel_id, ...rest } = change
    // One that was connected meanwhile.
    if (!this.channel(channel_id)) return void this.refreshChannels().catch(() => {})
    this.channels = this.channels.map((one) => (one.id === channel_id ? { ...one, ...rest } : one))
  }
}

export const roster = new Roster()
