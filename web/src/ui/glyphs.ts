// Lucide icons (ISC). Only what is named here is in the page.
import alarmClock from 'lucide-static/icons/alarm-clock.svg?glyph'
import arrowLeft from 'lucide-static/icons/arrow-left.svg?glyph'
import arrowRightLeft from 'lucide-static/icons/arrow-right-left.svg?glyph'
import atSign from 'lucide-static/icons/at-sign.svg?glyph'
import check from 'lucide-static/icons/check.svg?glyph'
import checkCheck from 'lucide-static/icons/check-check.svg?glyph'
import chevronDown from 'lucide-static/icons/chevron-down.svg?glyph'
import circleCheck from 'lucide-static/icons/circle-check.svg?glyph'
import clock from 'lucide-static/icons/clock.svg?glyph'
import cornerUpLeft from 'lucide-static/icons/corner-up-left.svg?glyph'
import eye from 'lucide-static/icons/eye.svg?glyph'
import eyeOff from 'lucide-static/icons/eye-off.svg?glyph'
import file from 'lucide-static/icons/file.svg?glyph'
import globe from 'lucide-static/icons/globe.svg?glyph'
import hand from 'lucide-static/icons/hand.svg?glyph'
import image from 'lucide-static/icons/image.svg?glyph'
import inbox from 'lucide-static/icons/inbox.svg?glyph'
import info from 'lucide-static/icons/info.svg?glyph'
import keyboard from 'lucide-static/icons/keyboard.svg?glyph'
import layers from 'lucide-static/icons/layers.svg?glyph'
import libraryBig from 'lucide-static/icons/library-big.svg?glyph'
import link from 'lucide-static/icons/link-2.svg?glyph'
import lock from 'lucide-static/icons/lock.svg?glyph'
import logOut from 'lucide-static/icons/log-out.svg?glyph'
import mail from 'lucide-static/icons/mail.svg?glyph'
import megaphone from 'lucide-static/icons/megaphone.svg?glyph'
import menu from 'lucide-static/icons/menu.svg?glyph'
import messageCircle from 'lucide-static/icons/message-circle.svg?glyph'
import messageSquare from 'lucide-static/icons/message-square.svg?glyph'
import paperclip from 'lucide-static/icons/paperclip.svg?glyph'
import phone from 'lucide-static/icons/phone.svg?glyph'
import rotate from 'lucide-static/icons/rotate-ccw.svg?glyph'
import search from 'lucide-static/icons/search.svg?glyph'
import shield from 'lucide-static/icons/shield-alert.svg?glyph'
import smartphone from 'lucide-static/icons/smartphone.svg?glyph'
import squarePen from 'lucide-static/icons/square-pen.svg?glyph'
import stickyNote from 'lucide-static/icons/sticky-note.svg?glyph'
import triangle from 'lucide-static/icons/triangle-alert.svg?glyph'
import undo from 'lucide-static/icons/undo-2.svg?glyph'
import userRound from 'lucide-static/icons/user-round.svg?glyph'
import x from 'lucide-static/icons/x.svg?glyph'

// Keyed by Lucide's own names where a channel may ask for one.
export const glyphs = {
  'alarm-clock': alarmClock,
  'arrow-left': arrowLeft,
  'arrow-right-left': arrowRightLeft,
  'at-sign': atSign,
  check,
  'check-check': checkCheck,
  'chevron-down': chevronDown,
  'circle-check': circleCheck,
  clock,
  'corner-up-left': cornerUpLeft,
  eye,
  'eye-off': eyeOff,
  file,
  globe,
  hand,
  image,
  inbox,
  info,
  keyboard,
  layers,
  'library-big': libraryBig,
  link,
  lock,
  'log-out': logOut,
  mail,
  megaphone,
  menu,
  'message-circle': messageCircle,
  'message-square': messageSquare,
  paperclip,
  phone,
  rotate,
  search,
  shield,
  smartphone,
  'square-pen': squarePen,
  'sticky-note': stickyNote,
  triangle,
  undo,
  'user-round': userRound,
  x,
  // What a channel with an icon we do not carry gets.
  dot: '<circle cx="12" cy="12" r="5" fill="currentColor"/>',
} as const

export type GlyphName = keyof typeof glyphs

export function isGlyph(name: string): name is GlyphName {
  return Object.hasOwn(glyphs, name)
}
