import { api, problemOf, take } from '../api/client'
import { notices } from '../frame/notices.svelte'
import { session } from '../session/session.svelte'

export const mayConnect = () => session.me?.staff.role === 'admin'

/** To the platform's own page: the server says where that is. */
export async function signInAgain(id: string): Promise<void> {
  try {
    const begun = await take(api.POST('/channels/{id}/signin', { params: { path: { id } }, body: {} }))
    location.assign(begun.url)
  } catch (thrown) {
    notices.failed(problemOf(thrown).message)
  }
}
