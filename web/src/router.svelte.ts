/** Every state of the page has a URL; this reads and writes it. */

export const views = ['desk', 'unclaimed', 'mine', 'watching', 'waiting', 'snoozed', 'done', 'spam', 'all'] as const
export type ViewName = (typeof views)[number]

export interface Filters {
  desk: string | null
  channel: string | null
  tag: string | null
  text: string
}

export type Route =
  | { at: 'sign-in'; link: string | null }
  | ({ at: 'inbox'; view: ViewName; saved: string | null; cid: string | null } & Filters)
  | { at: 'channels'; kind: string | null; id: string | null; signin: string | null }
  | { at: 'held' }
  | { at: 'reviews' }
  | { at: 'nowhere' }

export function parse(url: URL): Route {
  const [first, second, third, fourth] = url.pathname.split('/').filter(Boolean)
  const query = url.searchParams
  const filters = { desk: query.get('desk'), channel: query.get('ch'), tag: query.get('tag'), text: query.get('text') ?? '' }
  if (first === 'sign-in') return { at: 'sign-in', link: query.get('link') }
  if (first === undefined || first === 'desk') {
    return { at: 'inbox', view: 'desk', saved: null, cid: second ?? null, ...filters }
  }
  if (first === 'c' && second) return { at: 'inbox', view: 'all', saved: null, cid: second, ...filters }
  if (first === 'v' && second) return { at: 'inbox', view: 'all', saved: second, cid: third ?? null, ...filters }
  if (first === 'settings' && second === 'channels') {
    const kind = third === 'new' ? (fourth ?? null) : null
    const id = third && third !== 'new' ? third : null
    return { at: 'channels', kind, id, signin: query.get('signin') }
  }
  if (first === 'reviews' && !second) return { at: 'reviews' }
  if (first === 'held' && !second) return { at: 'held' }
  const view = views.find((name) => name === second)
  if (first === 'q' && view) return { at: 'inbox', view, saved: null, cid: third ?? null, ...filters }
  return { at: 'nowhere' }
}

export function hrefOf(view: ViewName, cid: string | null = null, filters: Partial<Filters> = {}): string {
  const query = new URLSearchParams()
  if (filters.desk) query.set('desk', filters.desk)
  if (filters.channel) query.set('ch', filters.channel)
  if (filters.tag) query.set('tag', filters.tag)
  if (filters.text) query.set('text', filters.text)
  const path = view === 'desk' ? '/desk' : `/q/${view}`
  return path + (cid ? `/${cid}` : '') + (query.size ? `?${query}` : '')
}

/** A search that is kept under a name; what else narrows it is not kept. */
export function savedHref(id: string, cid: string | null = null): string {
  return `/v/${id}${cid ? `/${cid}` : ''}`
}

export const channelsHref = '/settings/channels'
/** What came in and is no conversation, and who is kept out. */
export const heldHref = '/held'
/** Answers that wait to be looked through. */
export const reviewsHref = '/reviews'

/** Browsers refuse more than about a hundred new addresses in ten seconds, and a held `j` makes thirty a second. */
const PACE_MS = 120

class Router {
  route = $state.raw<Route>(parse(new URL(location.href)))
  /** The address of what is shown; the browser's own follows at its pace. */
  #href = location.pathname + location.search
  #behind: ReturnType<typeof setTimeout> | undefined
  #wrote = 0

  constructor() {
    addEventListener('popstate', () => {
      clearTimeout(this.#behind)
      this.#behind = undefined
      this.#show(location.pathname + location.search)
    })
    addEventListener('pagehide', () => this.#catchUp())
    addEventListener('click', (event) => this.#follow(event))
  }

  go(href: string, how: 'push' | 'replace' = 'push'): void {
    if (href === this.#href) return
    if (how === 'push') {
      this.#catchUp()
      history.pushState(null, '', href)
    }
    this.#show(href)
    if (how === 'replace') this.#behind ??= setTimeout(() => this.#catchUp(), Math.max(0, this.#wrote + PACE_MS - Date.now()))
  }

  #show(href: string): void {
    this.#href = href
    this.route = parse(new URL(href, location.href))
  }

  #catchUp(): void {
    if (this.#behind === undefined) return
    clearTimeout(this.#behind)
    this.#behind = undefined
    this.#wrote = Date.now()
    history.replaceState(null, '', this.#href)
  }

  /** Plain left clicks on our own links stay in the page; everything else is the browser's. */
  #follow(event: MouseEvent): void {
    if (event.defaultPrevented || event.button !== 0) return
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
    const link = event.target instanceof Element ? event.target.closest('a') : null
    if (!link || link.origin !== location.origin || link.target || link.hasAttribute('download')) return
    if (link.pathname.startsWith('/api/') || link.hash) return
    event.preventDefault()
    this.go(link.pathname + link.search)
  }
}

export const router = new Router()
