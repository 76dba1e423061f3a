import { api, onSignedOut, problemOf, take } from '../api/client'
import type { Problem } from '../api/problem'
import type { Me } from '../api/types'
import { drafts } from '../composer/drafts.svelte'
import { router } from '../router.svelte'

export type Credentials = { address: string; password: string } | { link: string }

/** Who is at this page. */
class Session {
  phase = $state<'starting' | 'out' | 'in' | 'unreachable'>('starting')
  me = $state.raw<Me | null>(null)

  constructor() {
    onSignedOut(() => this.expired())
  }

  /** The server no longer knows this browser. What was written stays for when the same person is back. */
  expired(): void {
    if (this.phase === 'in') this.#leave()
  }

  get zone(): string {
    return this.me?.library.zone ?? 'UTC'
  }

  get library(): string {
    return this.me?.library.name ?? 'Ask desk'
  }

  get staffId(): string {
    return this.me?.staff.id ?? ''
  }

  async start(): Promise<void> {
    this.phase = 'starting'
    try {
      this.#enter(await take(api.GET('/me')))
    } catch (thrown) {
      const problem = problemOf(thrown)
      this.phase = problem.body.status === 401 ? 'out' : 'unreachable'
    }
  }

  /** The problem to show, or null when this person is now signed in. */
  async signIn(given: Credentials): Promise<Problem | null> {
    const body = 'link' in given ? given : { email: given.address, password: given.password }
    try {
      this.#enter(await take(api.POST('/sessions', { body })))
      return null
    } catch (thrown) {
      return problemOf(thrown)
    }
  }

  async signOut(): Promise<void> {
    await drafts.flush()
    await take(api.DELETE('/sessions/{id}', { params: { path: { id: 'current' } } }))
    drafts.forget()
    router.go('/sign-in', 'replace')
    this.#leave()
  }

  #enter(me: Me): void {
    // Before anything is drawn: boxes are filled with what this person left in them.
    drafts.open(me.staff.id)
    this.me = me
    this.phase = 'in'
  }

  #leave(): void {
    this.me = null
    this.phase = 'out'
  }
}

export const session = new Session()
