import * as acts from './conversation/acts'
import { unblock } from './conversation/blocks'
import * as marks from './conversation/marks'
import { threads } from './conversation/thread.svelte'
import { watching } from './conversation/watching.svelte'
import { composers, type Kind } from './composer/composing.svelte'
import { focusSoon, leave, openChosen, readMessage, stepMessage, stepRow, togglePatron } from './frame/moves'
import { notices } from './frame/notices.svelte'
import { panes } from './frame/panes.svelte'
import { inbox } from './inbox/inbox.svelte'
import { rows } from './inbox/rows.svelte'
import { roster } from './channels/roster.svelte'
import { live } from './live/live.svelte'
import { presence } from './live/presence.svelte'
import { ariaKeys, isPressable, Sequence, takesText, wordOf } from './keys'
import { channelsHref, heldHref, hrefOf, reviewsHref, router, type ViewName } from './router.svelte'
import { session } from './session/session.svelte'
import { prefs } from './ui/prefs.svelte'

/** Everything that can be done, once: keys, palette, help sheet and aria-keyshortcuts are drawn from this list. */
export interface Command {
  id: string
  title: string
  group: 'Move' | 'Conversation' | 'Write' | 'Go to' | 'Display' | 'You'
  keys: readonly string[]
  /** Also while writing: only for keys that write nothing. */
  whileWriting?: true
  can?: () => boolean
  run: () => unknown
}

const chosen = () => inbox.chosen
const row = () => (chosen() ? rows.get(chosen()!) : undefined)
/** Nobody's, one's own, or anybody's for those who lead. */
function mayHandOff(): boolean {
  const owner = row()?.owner_id
  const role = session.me?.staff.role ?? 'viewer'
  if (role === 'viewer') return false
  return !owner || owner === session.staffId || role !== 'staff'
}
function mayTakeOver(): boolean {
  const owner = row()?.owner_id
  const role = session.me?.staff.role ?? 'viewer'
  if (role === 'viewer' || row()?.state === 'done') return false
  return !!owner && owner !== session.staffId && (role !== 'staff' || policy() !== 'block')
}
/** What is known about whoever asks is for whoever answers to write down. */
const mayKnow = () => online() && !!row() && session.me?.staff.role !== 'viewer'
const policy = () => session.me?.library.reply_policy ?? 'ask'
/** For managers: who answers in a colleague's conversation. */
const decide = (to: ReturnType<typeof policy>, title: string): Command => ({
  id: `policy-${to}`,
  title,
  group: 'You',
  keys: [],
  can: () => online() && policy() !== to && ['manager', 'admin'].includes(session.me?.staff.role ?? ''),
  run: () => acts.decide(to),
})
const blocked = () => (chosen() ? threads.get(chosen()!).data?.block : null)
const online = () => live.state !== 'lost'
const on = (act: (id: string) => unknown) => () => {
  const id = chosen()
  return id ? act(id) : undefined
}

function write(kind: Kind): void {
  const id = chosen()
  if (!id) return
  composers.for(id).kind = kind
  void focusSoon('composer-text')
}

const go = (view: ViewName, title: string, keys: readonly string[]): Command => ({
  id: `go-${view}`,
  title,
  group: 'Go to',
  keys,
  run: () => router.go(hrefOf(view)),
})

export const commands: readonly Command[] = [
  { id: 'next', title: 'Next conversation', group: 'Move', keys: ['j'], run: () => stepRow(1) },
  { id: 'previous', title: 'Previous conversation', group: 'Move', keys: ['k'], run: () => stepRow(-1) },
  { id: 'open', title: 'Open', group: 'Move', keys: ['o', 'Enter'], can: () => !!chosen(), run: openChosen },
  { id: 'next-message', title: 'Next message', group: 'Move', keys: [']'], can: () => !!chosen(), run: () => stepMessage(1) },
  { id: 'previous-message', title: 'Previous message', group: 'Move', keys: ['['], can: () => !!chosen(), run: () => stepMessage(-1) },
  { id: 'next-pane', title: 'Next pane', group: 'Move', keys: ['F6'], whileWriting: true, run: () => panes.cycle(1) },
  { id: 'previous-pane', title: 'Previous pane', group: 'Move', keys: ['Shift+F6'], whileWriting: true, run: () => panes.cycle(-1) },
  { id: 'leave', title: 'Close, or leave the text (it is kept)', group: 'Move', keys: ['Escape'], whileWriting: true, run: leave },

  {
    id: 'claim-next',
    title: 'Claim next',
    group: 'Conversation',
    keys: ['c'],
    can: online,
    run: async () => {
      const id = await acts.claimNext()
      if (!id) return
      router.go(hrefOf('desk', id))
      void focusSoon('composer-text')
    },
  },
  { id: 'claim', title: 'Grab this', group: 'Conversation', keys: ['a'], can: () => online() && row()?.owner_id === null, run: on(acts.claim) },
  {
    id: 'take-over',
    title: 'Take over from whoever has this',
    group: 'Conversation',
    keys: [],
    can: () => online() && mayTakeOver(),
    run: on((id) => acts.takeOver(id, row()?.owner_id ?? '', roster.nameOf(row()?.owner_id ?? ''))),
  },
  { id: 'release', title: 'Release', group: 'Conversation', keys: ['A'], can: () => online() && !!row() && row()?.owner_id === session.staffId, run: on(acts.release) },
  {
    id: 'hand-off',
    title: 'Hand off…',
    group: 'Conversation',
    keys: ['h'],
    can: () => online() && !!row() && row()?.state !== 'done' && row()?.state !== 'spam' && mayHandOff(),
    run: () => (panes.handoff = true),
  },
  {
    id: 'pass',
    title: 'Pass on to the next desk…',
    group: 'Conversation',
    keys: [],
    can: () => online() && row()?.state === 'open' && mayHandOff(),
    run: () => (panes.pass = true),
  },
  { id: 'watch', title: 'Watch, or watch no more', group: 'Conversation', keys: ['w'], can: () => online() && !!row() && row()?.state !== 'done', run: on((id) => watching.toggle(id)) },
  { id: 'done', title: 'Done, or change the outcome… (twice: as usual)', group: 'Conversation', keys: ['e'], can: () => online() && !!row() && row()?.state !== 'spam', run: () => (panes.done = true) },
  { id: 'tags', title: 'Tags, and what this needs…', group: 'Conversation', keys: ['l'], can: () => online() && !!row(), run: () => (panes.tags = true) },
  { id: 'urgent', title: 'Mark as urgent', group: 'Conversation', keys: [], can: () => online() && row()?.urgent === false && row()?.state !== 'spam', run: on(marks.urgent) },
  { id: 'not-urgent', title: 'Not urgent', group: 'Conversation', keys: [], can: () => online() && row()?.urgent === true, run: on(marks.notUrgent) },
  { id: 'spam', title: 'Mark as spam', group: 'Conversation', keys: [], can: () => online() && !!row() && row()?.state !== 'spam', run: on(marks.spam) },
  { id: 'not-spam', title: 'Not spam', group: 'Conversation', keys: [], can: () => online() && row()?.state === 'spam', run: on(marks.notSpam) },
  { id: 'block', title: 'Block the patron…', group: 'Conversation', keys: [], can: () => online() && !!row() && !blocked() && session.me?.staff.role !== 'viewer', run: () => (panes.block = true) },
  { id: 'unblock', title: 'Unblock the patron', group: 'Conversation', keys: [], can: () => online() && !!blocked() && session.me?.staff.role !== 'viewer', run: on(unblock) },
  { id: 'merge', title: 'Merge into another conversation…', group: 'Conversation', keys: ['m'], can: () => online() && !!row() && row()?.state !== 'spam' && !row()?.merged_into && session.me?.staff.role !== 'viewer', run: () => (panes.merge = true) },
  {
    id: 'split',
    title: 'Split off into a conversation of its own…',
    group: 'Conversation',
    keys: ['S'],
    can: () => online() && !!row() && row()?.state !== 'spam' && !row()?.merged_into && session.me?.staff.role !== 'viewer',
    run: () => {
      panes.splitFrom = readMessage()
      panes.split = true
    },
  },
  { id: 'more', title: 'More with this conversation…', group: 'Conversation', keys: [], can: () => !!row(), run: () => (panes.more = true) },
  { id: 'reopen', title: 'Open again', group: 'Conversation', keys: [], can: () => online() && row()?.state === 'done', run: on(acts.reopen) },
  { id: 'end-follow-up', title: 'Take the follow-up back', group: 'Conversation', keys: [], can: () => online() && !!row()?.follow_up_at, run: on(acts.reopen) },
  {
    id: 'snooze',
    title: 'Snooze until…',
    group: 'Conversation',
    keys: ['s'],
    can: () => online() && !!row() && row()?.state !== 'done' && row()?.state !== 'spam',
    run: () => (panes.snooze = true),
  },
  { id: 'wake', title: 'Wake from snooze', group: 'Conversation', keys: [], can: () => online() && row()?.state === 'snoozed', run: on(acts.wake) },
  { id: 'patron', title: 'Patron panel', group: 'Conversation', keys: ['i'], can: () => !!chosen(), run: togglePatron },
  { id: 'describe', title: 'About the patron: name, how to answer…', group: 'Conversation', keys: [], can: mayKnow, run: () => (panes.describe = true) },
  {
    id: 'same',
    title: 'The patron is the same person as…',
    group: 'Conversation',
    keys: [],
    can: mayKnow,
    run: () => {
      panes.sameWith = null
      panes.same = true
    },
  },
  { id: 'undo', title: 'Undo the last act or held send', group: 'Conversation', keys: ['z'], can: () => notices.undo !== null, run: () => notices.takeBack() },

  { id: 'reply', title: 'Reply', group: 'Write', keys: ['r'], can: () => !!chosen(), run: () => write('reply') },
  { id: 'note', title: 'Staff note', group: 'Write', keys: ['n'], can: () => !!chosen(), run: () => write('note') },
  {
    id: 'attach',
    title: 'Attach files',
    group: 'Write',
    keys: ['f'],
    can: () => !!chosen(),
    run: async () => {
      write('reply')
      await focusSoon('composer-attach')
      document.getElementById('composer-files')?.click()
    },
  },
  { id: 'send', title: 'Send', group: 'Write', keys: ['Control+Enter'], whileWriting: true, can: () => !!chosen(), run: on((id) => composers.for(id).send()) },
  {
    id: 'send-done',
    title: 'Send and done',
    group: 'Write',
    keys: ['Control+Shift+Enter'],
    whileWriting: true,
    can: () => !!chosen() && composers.for(chosen()!).kind === 'reply',
    run: on((id) => composers.for(id).send({ done: true })),
  },

  { id: 'check', title: 'Ask somebody to check this answer…', group: 'Write', keys: [], can: () => !!chosen() && composers.for(chosen()!).reply.trim() !== '' && session.me?.staff.role !== 'viewer', run: () => (panes.check = true) },

  go('desk', 'My desk', ['g d']),
  go('unclaimed', 'Unclaimed', ['g u']),
  go('mine', 'Mine', ['g m']),
  go('watching', 'Watching', ['g w']),
  go('waiting', 'Waiting on patron', ['g p']),
  go('snoozed', 'Snoozed', ['g s']),
  go('done', 'Done conversations', ['g x']),
  go('spam', 'Spam', []),
  go('all', 'All conversations', []),
  { id: 'search', title: 'Search', group: 'Go to', keys: ['/'], run: () => focusSoon('search-text') },
  { id: 'searches', title: 'Saved searches, or save this one…', group: 'Go to', keys: ['g v'], can: online, run: () => (panes.searches = true) },
  { id: 'channels', title: 'Channels', group: 'Go to', keys: [], run: () => router.go(channelsHref) },
  { id: 'reviews', title: 'To be looked through', group: 'Go to', keys: [], run: () => router.go(reviewsHref) },
  { id: 'held', title: 'Held and blocked', group: 'Go to', keys: [], run: () => router.go(heldHref) },
  { id: 'palette', title: 'Every command', group: 'Go to', keys: ['Control+k'], whileWriting: true, run: () => (panes.palette = true) },
  { id: 'help', title: 'Keys', group: 'Go to', keys: ['?'], run: () => (panes.help = true) },

  { id: 'theme-system', title: "Colours: the system's", group: 'Display', keys: [], can: () => prefs.theme !== 'system', run: () => prefs.choose('system') },
  { id: 'theme-light', title: 'Colours: light', group: 'Display', keys: [], can: () => prefs.theme !== 'light', run: () => prefs.choose('light') },
  { id: 'theme-dark', title: 'Colours: dark', group: 'Display', keys: [], can: () => prefs.theme !== 'dark', run: () => prefs.choose('dark') },
  { id: 'compact', title: 'Rows: compact', group: 'Display', keys: [], can: () => prefs.density !== 'compact', run: () => prefs.pack('compact') },
  { id: 'comfortable', title: 'Rows: comfortable', group: 'Display', keys: [], can: () => prefs.density !== 'comfortable', run: () => prefs.pack('comfortable') },
  { id: 'at-desk', title: 'I am at the desk', group: 'You', keys: [], can: () => online() && presence.mine !== 'at_desk', run: () => acts.say('at_desk') },
  { id: 'helping', title: 'I am helping somebody', group: 'You', keys: [], can: () => online() && presence.mine !== 'helping', run: () => acts.say('helping') },
  { id: 'away', title: 'I am away', group: 'You', keys: [], can: () => online() && presence.mine !== 'away', run: () => acts.say('away') },
  decide('ask', 'Answering for a colleague: ask first'),
  decide('allow', 'Answering for a colleague: anybody may help'),
  decide('block', 'Answering for a colleague: only whoever has it'),
  { id: 'sign-out', title: 'Sign out', group: 'You', keys: [], run: () => session.signOut() },
]

export function command(id: string): Command {
  const found = commands.find((one) => one.id === id)
  if (!found) throw new Error(`no command is called ${id}`)
  return found
}

/** For the button that does the same. */
export function keysOf(id: string): string | undefined {
  return ariaKeys(command(id).keys)
}

export function run(id: string): void {
  const wanted = command(id)
  if (wanted.can?.() ?? true) void wanted.run()
}

const sequence = new Sequence()

/** The page's one key handler. */
export function onKey(event: KeyboardEvent): void {
  const word = wordOf(event)
  if (!word || event.defaultPrevented || event.isComposing || panes.covered) return
  if (event.repeat && word !== 'j' && word !== 'k') return
  if (word === 'Enter' && isPressable(event.target)) return
  const writing = takesText(event.target)
  const meanings = writing ? [word] : sequence.next(word, event.timeStamp)
  for (const meaning of meanings) {
    const found = commands.find((one) => one.keys.includes(meaning))
    if (!found || (writing && !found.whileWriting) || !(found.can?.() ?? true)) continue
    event.preventDefault()
    sequence.clear()
    void found.run()
    return
  }
}
