//! Takes out of words what no database and no page agrees on: NUL becomes U+FFFD. The original keeps it.

use connectors::contract::{Address, Event, Message};

/// Makes every text of an event harmless.
pub(super) fn make(event: &mut Event) {
    match event {
        Event::Message(message) | Event::Echo(message) => of_message(message),
        Event::Held(held) => {
            text(&mut held.why);
            maybe(&mut held.subject);
            held.author.iter_mut().for_each(address);
        }
        Event::Receipt(receipt) => {
            maybe(&mut receipt.why);
            maybe(&mut receipt.id);
        }
        Event::Edited { of, text: said } => {
            text(of);
            text(said);
        }
        Event::Deleted { of: words } | Event::Gap { why: words } | Event::Revoked { why: words } => {
            text(words)
        }
        Event::OptOut { address: whose, .. } => address(whose),
    }
}

fn of_message(message: &mut Message) {
    maybe(&mut message.id);
    maybe(&mut message.subject);
    maybe(&mut message.link);
    maybe(&mut message.said.html);
    maybe(&mut message.thread.conversation);
    text(&mut message.said.text);
    text(&mut message.said.reply_text);
    message.author.iter_mut().chain(&mut message.recipients).for_each(address);
    message.thread.references.iter_mut().for_each(text);
    for attachment in &mut message.attachments {
        maybe(&mut attachment.filename);
        maybe(&mut attachment.content_id);
        text(&mut attachment.content_type);
    }
}

fn address(address: &mut Address) {
    text(&mut address.id);
    text(&mut address.shown);
    maybe(&mut address.name);
}

fn maybe(words: &mut Option<String>) {
    words.iter_mut().for_each(text);
}

/// Makes a text harmless.
pub(super) fn text(words: &mut String) {
    if words.contains('\0') {
        *words = words.replace('\0', "\u{fffd}");
    }
}
