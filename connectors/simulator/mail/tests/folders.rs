//! Signing in, and what a client may do with folders and the mails in them.

use async_imap::types::NameAttribute;
use futures::TryStreamExt;

use super::*;

#[tokio::test]
async fn the_sent_folder_is_found_by_its_use() {
    let (platform, _) = platform_with(|options| {
        options.mailboxes[0].folders = vec!["Sent Items".to_owned(), "Archive/2026".to_owned()];
    })
    .await;
    let mut session = imap(&platform).await;
    let names: Vec<_> = session.list(Some(""), Some("*")).await.unwrap().try_collect().await.unwrap();
    let sent: Vec<_> = names
        .iter()
        .filter(|name| name.attributes().contains(&NameAttribute::Sent))
        .map(|name| name.name())
        .collect();
    assert_eq!(sent, ["Sent Items"]);
    assert_eq!(names.len(), 3);
    let mut client = Bare::imap(&platform).await;
    let special = client.ask("a LIST (SPECIAL-USE) \"\" *\r\n", "a OK").await;
    assert_eq!(special.len(), 2, "{special:?}");
}

#[tokio::test]
async fn a_token_signs_in_and_a_spent_one_is_challenged() {
    struct Bearer(&'static str);
    impl async_imap::Authenticator for Bearer {
        type Response = String;
        fn process(&mut self, challenge: &[u8]) -> String {
            if challenge.is_empty() {
                format!("user={ASK}\x01auth=Bearer {}\x01\x01", self.0)
            } else {
                assert!(String::from_utf8_lossy(challenge).contains("\"status\":\"401\""));
                String::new()
            }
        }
    }
    let (platform, _) = platform().await;
    let client = imap_client(platform.imap_addr()).await;
    assert!(client.authenticate("XOAUTH2", Bearer("token-1")).await.is_ok());

    platform.mailbox(ASK).unwrap().set_token(Some("token-2"));
    let client = imap_client(platform.imap_addr()).await;
    let (error, client) = client.authenticate("XOAUTH2", Bearer("token-1")).await.unwrap_err();
    assert!(error.to_string().contains("AUTHENTICATIONFAILED"), "{error}");
    assert!(client.authenticate("XOAUTH2", Bearer("token-2")).await.is_ok());
    assert_eq!(
        platform.ledger().pick(|line| matches!(line.what, Entry::Denied { .. }).then_some(())).len(),
        1
    );
}

#[tokio::test]
async fn a_refusal_can_come_without_a_challenge() {
    let (platform, _) = platform_with(|options| options.xoauth2_challenges = false).await;
    let mut client = Bare::connect(platform.imap_addr()).await;
    // user=ask@library.example, auth=Bearer no
    let refused = client
        .ask("a AUTHENTICATE XOAUTH2 dXNlcj1hc2tAbGlicmFyeS5leGFtcGxlAWF1dGg9QmVhcmVyIG5vAQE=\r\n", "a ")
        .await;
    assert_eq!(refused.len(), 1);
    assert!(refused[0].starts_with("a NO [AUTHENTICATIONFAILED]"), "{refused:?}");
}

#[tokio::test]
async fn literals_come_both_ways_in_one_command() {
    let (platform, _) = platform().await;
    let mut client = Bare::connect(platform.imap_addr()).await;
    client.ask("a LOGIN {19}\r\n", "+ ").await;
    client.ask(&format!("{ASK} {{6+}}\r\n{PASSWORD}\r\n"), "a OK").await;
    let raw = mail("kept");
    client.ask(&format!("b APPEND Sent (\\Seen) {{{}}}\r\n", raw.len()), "+ ").await;
    let kept = client.ask(&format!("{raw}\r\n"), "b ").await;
    assert!(kept[0].starts_with("b OK [APPENDUID "), "{kept:?}");
    let sent = platform.mailbox(ASK).unwrap().mails("Sent");
    assert_eq!(sent[0].raw, raw.as_bytes());
    assert_eq!(platform.ledger().filed(ASK)[0].message_id.as_deref(), Some("<kept@patron.example>"));
}

#[tokio::test]
async fn a_real_client_files_copies_moves_and_removes() {
    let (platform, _) = platform().await;
    let mailbox = platform.mailbox(ASK).unwrap();
    let mut session = imap(&platform).await;
    let date = "\" 1-Jan-2026 10:00:00 +0100\"";
    session.append("INBOX", Some("(\\Flagged $Forwarded)"), Some(date), mail("one")).await.unwrap();
    session.append("INBOX", None, None, mail("two")).await.unwrap();
    assert!(session.append("Nowhere", None, None, mail("lost")).await.is_err());
    let inbox = mailbox.mails("INBOX");
    assert_eq!(inbox[0].flags, ["\\Flagged", "$Forwarded"]);
    assert_eq!(inbox[0].at_ms, 1_767_258_000_000);

    session.select("INBOX").await.unwrap();
    session.create("Archive").await.unwrap();
    assert!(session.create("archive/../\u{e4}").await.is_err());
    session.uid_copy("1", "Archive").await.unwrap();
    session.uid_mv("2", "Archive").await.unwrap();
    assert_eq!(mailbox.mails("INBOX").len(), 1);
    let archived: Vec<_> = mailbox.mails("Archive").into_iter().map(|kept| kept.raw).collect();
    assert_eq!(archived, [mail("one"), mail("two")]);

    let flags: Vec<_> =
        session.uid_store("1", "FLAGS (\\Deleted)").await.unwrap().try_collect().await.unwrap();
    assert_eq!(flags.len(), 1);
    let removed: Vec<_> = session.expunge().await.unwrap().try_collect().await.unwrap();
    assert_eq!(removed, [1]);
    session.delete("Archive").await.unwrap();
    assert!(session.delete("INBOX").await.is_err());
    assert!(session.select("Archive").await.is_err());
    session.logout().await.unwrap();
}

#[tokio::test]
async fn only_what_is_named_and_marked_is_removed() {
    let (platform, _) = platform().await;
    for name in ["one", "two", "three"] {
        platform.deliver(ASK, mail(name)).unwrap();
    }
    let mut client = Bare::imap(&platform).await;
    client.ask("a SELECT INBOX\r\n", "a OK").await;
    client.ask("b UID STORE 1:2 +FLAGS.SILENT (\\Deleted)\r\n", "b OK").await;
    let removed = client.ask("c UID EXPUNGE 2:3\r\n", "c OK").await;
    assert_eq!(removed[0], "* 2 EXPUNGE");
    let uids =
        || -> Vec<_> { platform.mailbox(ASK).unwrap().mails("INBOX").iter().map(|kept| kept.uid).collect() };
    assert_eq!(uids(), [1, 3]);
    client.ask("d EXAMINE INBOX\r\n", "d OK").await;
    client.ask("e EXPUNGE\r\n", "e NO").await;
    client.ask("f STORE 1 FLAGS ()\r\n", "f NO").await;
    client.ask("g CLOSE\r\n", "g OK").await;
    assert_eq!(uids(), [1, 3], "a folder open for reading only stays as it is");
    client.ask("h SELECT INBOX\r\n", "h OK").await;
    client.ask("i CLOSE\r\n", "i OK").await;
    assert_eq!(uids(), [3]);
    client.ask("j FETCH 1 FLAGS\r\n", "j BAD").await;
}

#[tokio::test]
async fn a_renumbered_folder_ends_the_sessions_that_have_it_open() {
    let (platform, _) = platform().await;
    platform.deliver(ASK, mail("one")).unwrap();
    platform.deliver(ASK, mail("two")).unwrap();
    let mailbox = platform.mailbox(ASK).unwrap();
    let mut client = Bare::imap(&platform).await;
    client.ask("a SELECT INBOX\r\n", "a OK").await;
    mailbox.remove("INBOX", 1);
    let before = mailbox.uid_validity("INBOX");
    let after = mailbox.renumber("INBOX");
    assert_ne!(before, after);
    client.say("b UID FETCH 1:* FLAGS\r\n").await;
    assert!(client.rest().await.starts_with("* BYE "), "the session must not go on");
    assert_eq!(mailbox.mails("INBOX")[0].uid, 1);
}
