import type { components } from '../src/api/schema'
import { chat, conversation, HOUR, iso, me, message, MIN, nextSeq, page, post, staff, text, uuid, type SeedConversation } from './seed.ts'

type S = components['schemas']
const [, june, kofi] = staff as [S['Staff'], S['Staff'], S['Staff']]

function event(id: string, kind: S['Event']['kind'], ago: number, who: S['Staff'] | null, words: string): S['Event'] {
  return { seq: nextSeq(), kind, at: iso(ago), actor: { staff_id: who?.id ?? null, name: who?.public_name ?? 'Deskbell' }, conversation_id: id, message_id: null, words }
}

const amara = conversation({
  name: 'Amara Osei', subject: 'E-book will not open on my reader', channel: chat, desk: 1, owner: me, ago: 79 * MIN, due: 20 * MIN, address: '(406) 555-0193',
  words: 'Hello! I borrowed the new Verghese last night and it won’t open on my reader. I’ve tried twice.',
  more: (id) => ({
    messages: [
      message(id, { text: 'Hi Amara, Bryan here at Central. Sorry about that. Which reader is it, and what does it say when you open the book?', direction: 'out', kind: 'reply', channel_id: chat.id, at: iso(78 * MIN), author: { staff_id: me.id, name: 'Bryan', address: null }, delivery: { state: 'read', word: 'Read', why: null, release_at: null } }),
      message(id, { text: 'Same title failed for two others this week. The publisher blocks it on that reader, her account is fine. See https://library.example/faq/41.', direction: 'out', kind: 'note', at: iso(50 * MIN), author: { staff_id: june.id, name: 'June Park', address: null } }),
      message(id, { text: 'It says “this title is not available for your device in your region”, is that a library rule?', channel_id: text.id, at: iso(4 * MIN), author: { staff_id: null, name: 'Amara Osei', address: '(406) 555-0193' } }),
    ],
    events: [event(id, 'claimed', 79 * MIN, me, 'Bryan claimed this after 22 seconds')],
  }),
})
amara.channel_id = text.id
amara.ways = [
  { ...amara.ways[0]!, id: uuid(), channel_id: text.id, label: 'Text to (406) 555-0193' },
  { ...amara.ways[0]!, channel_id: chat.id, label: 'Chat', open: false, why: 'Amara left the page' },
]
amara.patron.earlier = [
  { id: uuid(), number: 20110, subject: 'Renewing while abroad', channel_id: post.id, state: 'done', last_at: iso(60 * 24 * HOUR) },
  { id: uuid(), number: 19870, subject: 'Study room, Saturday', channel_id: page.id, state: 'done', last_at: iso(130 * 24 * HOUR) },
]

const kaur = conversation({
  name: 'Ms Kaur, Riverside Primary', subject: 'Class visit on 14 October', channel: post, desk: 0, ago: 3 * HOUR, due: 6 * HOUR, address: 'kaur@riverside.example',
  words: 'Dear library,\n\nwe would like to visit on 14 October with 28 children, one of them a wheelchair user. Which door should we come to?\n\nKind regards\nS. Kaur\n\nOn Monday the library wrote:\n> Dear Ms Kaur, thank you for asking.\n> Our autumn dates are open now.',
})
const [visit] = kaur.messages
Object.assign(visit!, {
  reply_text: 'Dear library,\n\nwe would like to visit on 14 October with 28 children, one of them a wheelchair user. Which door should we come to?\n\nKind regards\nS. Kaur',
  elided: true, html: true,
  attachments: [
    { id: uuid(), filename: 'class list.pdf', content_type: 'application/pdf', size: 48_211, inline: false, state: 'kept', why: null },
    { id: uuid(), filename: 'entrance.png', content_type: 'image/png', size: 2_311, inline: false, state: 'kept', why: null },
    { id: uuid(), filename: 'route.exe', content_type: 'application/octet-stream', size: 812_000, inline: false, state: 'refused', why: 'Programs are not kept.' },
  ],
})
kaur.has_attachments = true
kaur.preview = visit!.reply_text.replace(/\s+/g, ' ')

const failed = conversation({
  name: 'Piotr Zieliński', subject: 'Map of the old trade routes', channel: post, desk: 2, owner: me, ago: 26 * HOUR, due: -14 * MIN, address: 'piotr@home.example',
  words: 'Interlibrary loan: a printed map of 5th-century Asian trade routes. Happy to collect from any branch.',
  more: (id) => ({
    messages: [message(id, { text: 'We found one in the state library. It should be here on Thursday.', direction: 'out', kind: 'reply', channel_id: post.id, at: iso(2 * HOUR), author: { staff_id: me.id, name: 'Bryan', address: null }, delivery: { state: 'failed', word: 'Not delivered', why: 'The mailbox is full.', release_at: null } })],
    events: [
      event(id, 'claimed', 25 * HOUR, kofi, 'Kofi claimed this after 41 minutes'),
      event(id, 'released', 24 * HOUR, kofi, 'Kofi released this'),
      event(id, 'claimed', 24 * HOUR, me, 'Bryan claimed this'),
    ],
  }),
})
failed.trouble = 'Not delivered: the mailbox is full'

const names = ['Dolores Whitfield', 'Mr Abara', '(406) 555-0148', 'Tamsin Reade', 'Guest on the Northside page', 'Ines Duarte', 'Hugo Lindqvist', 'Priya Nair', 'Tom Becker', 'Wanjiru Kamau']
const asks = [
  'Do you still do the home delivery for my mum? She can’t manage the stairs at Central any more.',
  'Are there large-print westerns I have not read yet?',
  'RENEW all pls, card ending 4471',
  'Is the Wi-Fi down at Northside again? Third day running.',
  'Hi, is there somebody there? I was told my hold came in but the catalogue says in transit.',
  'Can I get the 1911 census on microfilm here?',
  'My daughter lost her card at the pool, what does a new one cost?',
  'Do you have a quiet room with a socket on Saturday?',
]
const rest: SeedConversation[] = Array.from({ length: Number(process.env.MOCK_ROWS ?? 120) }, (_, at) =>
  conversation({
    name: names[at % names.length]!,
    subject: asks[at % asks.length]!.slice(0, 44),
    channel: [page, text, chat, post][at % 4]!,
    desk: at % 3,
    ago: (at + 1) * 9 * MIN,
    address: `(406) 555-0${200 + at}`,
    words: asks[at % asks.length]!,
    ...(at % 5 === 3 ? { owner: kofi } : {}),
    ...(at % 7 === 5 ? { state: 'done' as const, owner: june } : at % 7 === 6 ? { state: 'waiting' as const, owner: me } : { due: (at - 1) * 17 * MIN + 2 * MIN }),
  }),
)
rest[0]!.messages[0]!.unverified = true
// What stands under a post of the page is there for everybody to read.
for (const one of rest.filter((_, at) => at % 8 === 4)) {
  one.visibility = 'public'
  one.messages.forEach((said) => (said.visibility = 'public'))
}
rest[0]!.linked = [{ id: kaur.id, number: kaur.number, subject: kaur.subject, why: 'The same mail at another desk' }]

for (const one of [amara, failed, kaur, ...rest]) {
  const all = [...one.messages, ...one.events].sort((a, b) => Date.parse(a.at) - Date.parse(b.at))
  all.forEach((item) => (item.seq = nextSeq()))
  one.seq = nextSeq()
}

export const conversations = new Map([amara, failed, kaur, ...rest].map((one) => [one.id, one]))
