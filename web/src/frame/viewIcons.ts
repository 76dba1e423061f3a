import type { ViewName } from '../router.svelte'
import type { GlyphName } from '../ui/glyphs'

export const icons: Record<ViewName, GlyphName> = {
  desk: 'square-pen',
  unclaimed: 'inbox',
  mine: 'user-round',
  watching: 'eye',
  waiting: 'clock',
  snoozed: 'alarm-clock',
  done: 'circle-check',
  spam: 'x',
  all: 'layers',
}
