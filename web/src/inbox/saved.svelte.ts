import { api, problemOf, take } from '../api/client'
import type { SavedSearch } from '../api/types'
import { notices } from '../frame/notices.svelte'

/** Searches under a name: one's own and those of one's desks. */
class Saved {
  all = $state.raw<SavedSearch[]>([])
  problem = $state('')
  /** Whether they have been read: before that nobody knows what is there. */
  known = $state(false)

  one(id: string | null): SavedSearch | undefined {
    return this.all.find((one) => one.id === id)
  }

  async load(): Promise<void> {
    this.problem = ''
    try {
      this.all = (await take(api.GET('/searches'))).items
      this.known = true
    } catch (thrown) {
      this.problem = problemOf(thrown).message
    }
  }

  async #done(call: Promise<unknown>, words: string): Promise<boolean> {
    try {
      await call
      await this.load()
      notices.did(words)
      return true
    } catch (thrown) {
      // Somebody may have changed it: what is there now is shown with why nothing was done.
      await this.load()
      this.problem = problemOf(thrown).message
      return false
    }
  }

  add(name: string, query: string, desk_id: string | null): Promise<boolean> {
    return this.#done(take(api.POST('/searches', { body: { name, query, desk_id } })), `Saved as “${name.trim()}”.`)
  }

  rename(one: SavedSearch, name: string): Promise<boolean> {
    const params = { path: { id: one.id }, query: { version: one.version } }
    const body = { name, query: one.query, desk_id: one.desk_id }
    return this.#done(take(api.PUT('/searches/{id}', { params, body })), `It is called “${name.trim()}” now.`)
  }

  remove(one: SavedSearch): Promise<boolean> {
    const params = { path: { id: one.id }, query: { version: one.version } }
    return this.#done(take(api.DELETE('/searches/{id}', { params })), `“${one.name}” is removed.`)
  }

  clear(): void {
    this.all = []
    this.known = false
  }
}

export const saved = new Saved()
