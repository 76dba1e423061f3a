/** Where focus goes, and what is open over the page. */

const order = ['pane-nav', 'pane-channels', 'pane-held', 'pane-reviews', 'pane-list', 'conversation', 'composer', 'pane-patron'] as const
export type Pane = (typeof order)[number]

class Panes {
  /** The patron panel: beside the conversation when there is room, else a drawer. */
  patron = $state(matchMedia('(min-width: 1280px)').matches)
  /** The navigation as a sheet, where there is no room for it beside the list. */
  nav = $state(false)
  palette = $state(false)
  help = $state(false)
  /** Until when the chosen conversation is to be put aside. */
  snooze = $state(false)
  /** How the chosen conversation ends, or who sees to it later. */
  done = $state(false)
  /** What the chosen conversation is about. */
  tags = $state(false)
  /** What else can be done with it. */
  more = $state(false)
  /** Into which conversation the chosen one goes. */
  merge = $state(false)
  /** Who is to look through the answer to the chosen conversation. */
  check = $state(false)
  /** Whom of the chosen conversation to keep out. */
  block = $state(false)
  /** Why the chosen conversation is for the next desk. */
  pass = $state(false)
  /** What of the chosen conversation becomes one of its own, and the message that was read just then. */
  split = $state(false)
  splitFrom = $state<string | null>(null)
  /** What is known about whoever asks. */
  describe = $state(false)
  /** Who else whoever asks is, and whom the page suggests. */
  same = $state(false)
  sameWith = $state<string | null>(null)
  /** Searches under a name. */
  searches = $state(false)
  /** To whom the chosen conversation is to be handed. */
  handoff = $state(false)

  focus(pane: Pane): boolean {
    const element = document.getElementById(pane)
    if (!element || !visible(element)) return false
    const target = element.querySelector<HTMLElement>('[data-focus]') ?? element
    target.focus()
    return element.contains(document.activeElement)
  }

  /** F6: the next pane that is on the screen. */
  cycle(by: 1 | -1): void {
    const here = order.findLastIndex((pane) => document.getElementById(pane)?.contains(document.activeElement))
    for (let step = 1; step <= order.length; step++) {
      const at = here < 0 && by < 0 ? order.length - step : here + by * step
      const pane = order[(at + 2 * order.length) % order.length]
      if (pane && this.focus(pane)) return
    }
  }

  /** True when the keys of the page must rest. */
  get covered(): boolean {
    return this.palette || this.help || this.snooze || this.handoff || this.done || this.tags || this.merge || this.split || this.pass || this.block || this.more || this.describe || this.same || this.check || this.searches
  }
}

function visible(element: Element): boolean {
  return element.getClientRects().length > 0
}

export const panes = new Panes()
