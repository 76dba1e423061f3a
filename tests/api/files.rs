use crate::support::app::{TestApp, mail, on_each_engine};
use connectors::contract::{self, Content};
use deskbell::store::media;
use serde_json::Value;

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n0000";

/// A mail with a picture, a page that says it is one, and markup that wants more than it may.
async fn hostile(app: &TestApp) -> (Value, Value) {
    let file = |name: &str, bytes: &'static [u8], content_id: Option<&str>| contract::Attachment {
        filename: Some(name.to_owned()),
        content_type: "image/png".to_owned(),
        content: Content::Here(bytes.into()),
        content_id: content_id.map(str::to_owned),
        inline: content_id.is_some(),
    };
    let mut envelope = mail("hostile", "Amara Osei", "See the picture", &[], app.clock.now());
    let contract::Event::Message(message) = &mut envelope.event else { unreachable!("a message") };
    message.said.html = Some(
        "<p>See <b>this</b></p><script>alert(1)</script><img src=\"https://track.example/1.gif\"><img src=\"cid:cover@patron\">\
         <a href=\"javascript:alert(1)\" onclick=\"alert(2)\">here</a><form action=\"/api/v1/sessions\"></form>"
            .to_owned(),
    );
    message.attachments = vec![
        file("cover.png", PNG, Some("cover@patron")),
        file("../evil\r\n\".html", b"<script>alert(document.cookie)</script>", None),
    ];
    app.take_in(vec![envelope]).await;
    let ana = app.signed_in(&app.ana).await;
    let id = ana.get("/conversations").await.json()["items"][0]["id"].as_str().expect("an id").to_owned();
    let said = ana.get(&format!("/conversations/{id}")).await.json()["messages"][0].clone();
    (said["attachments"].clone(), said)
}

on_each_engine! {
    async fn a_file_is_saved_unless_it_is_a_picture(app: TestApp) {
        let (files, said) = hostile(&app).await;
        let ana = app.signed_in(&app.ana).await;
        assert_eq!(said["html"], true);
        let get = async |file: &Value| ana.get(&format!("/attachments/{}", file["id"].as_str().expect("an id"))).await;

        let picture = get(&files[0]).await;
        assert_eq!(picture.header("content-type"), "image/png");
        assert!(picture.header("content-disposition").starts_with("inline; "));
        assert_eq!(&picture.body[..], PNG);

        let page = get(&files[1]).await;
        assert_eq!(page.header("content-type"), "application/octet-stream", "whatever its sender says");
        let disposition = page.header("content-disposition");
        assert!(disposition.starts_with("attachment; ") && !disposition.contains('/'), "{disposition}");
        for answer in [&picture, &page] {
            assert_eq!(answer.header("x-content-type-options"), "nosniff");
            assert!(answer.header("content-security-policy").starts_with("sandbox; default-src 'none'"));
        }
    }

    async fn a_file_that_is_still_on_the_platform_says_so(app: TestApp) {
        let mut envelope = mail("elsewhere", "Amara Osei", "See the photo", &[], app.clock.now());
        let contract::Event::Message(message) = &mut envelope.event else { unreachable!("a message") };
        message.attachments = vec![contract::Attachment {
            filename: Some("photo.jpg".to_owned()),
            content_type: "image/jpeg".to_owned(),
            content: Content::There { reference: "m1".to_owned(), size: Some(7) },
            content_id: None,
            inline: false,
        }];
        app.take_in(vec![envelope]).await;
        let ana = app.signed_in(&app.ana).await;
        let id = ana.get("/conversations").await.json()["items"][0]["id"].as_str().unwrap().to_owned();
        let shown = ana.get(&format!("/conversations/{id}")).await.json()["messages"][0]["attachments"][0].clone();
        assert_eq!((&shown["state"], &shown["size"]), (&"to_fetch".into(), &7.into()));
        let file: uuid::Uuid = shown["id"].as_str().unwrap().parse().unwrap();
        let answer = ana.get(&format!("/attachments/{file}")).await;
        assert_eq!((answer.status, answer.problem().as_str()), (409, "still-to-come"));
        assert!(answer.told()["detail"].as_str().unwrap().starts_with("photo.jpg is still on the platform"));
        let (now, token) = (app.clock.now(), uuid::Uuid::from_u128(7));
        let refuse = app.db.write(move |tx| {
            Box::pin(async move {
                media::lease(tx, token, now, now + 1, 9).await?;
                media::refuse(tx, file, token, "The platform no longer has it.").await
            })
        });
        assert!(refuse.await.unwrap().0);
        let answer = ana.get(&format!("/attachments/{file}")).await;
        assert_eq!((answer.status, answer.problem().as_str()), (410, "gone"));
        assert!(answer.told()["detail"].as_str().unwrap().ends_with("The platform no longer has it."));
    }

    async fn markup_is_shown_where_it_can_do_nothing(app: TestApp) {
        let (_, said) = hostile(&app).await;
        let ana = app.signed_in(&app.ana).await;
        let id = said["id"].as_str().expect("an id");
        let frame = ana.get(&format!("/messages/{id}/frame")).await;
        assert_eq!(frame.header("content-type"), "text/html; charset=utf-8");
        let policy = frame.header("content-security-policy");
        assert!(policy.starts_with("sandbox allow-popups allow-popups-to-escape-sandbox;"), "{policy}");
        assert!(policy.contains("; default-src 'none';"), "{policy}");
        for never in ["allow-scripts", "allow-same-origin", "script-src", "http:", "https:", "connect-src"] {
            assert!(!policy.contains(never), "{policy}");
        }
        assert_eq!(frame.header("x-frame-options"), "SAMEORIGIN");
        let document = String::from_utf8_lossy(&frame.body);
        assert!(document.starts_with("<!doctype html>") && document.contains("<b>this</b>"), "{document}");
        assert!(document.contains("<img src=\"data:image/png;base64,iVBORw0KGgowMDAw\""), "its own picture: {document}");
        for gone in ["<script", "track.example", "javascript:", "onclick", "<form"] {
            assert!(!document.contains(gone), "{gone}: {document}");
        }

        let source = ana.get(&format!("/messages/{id}/original")).await;
        assert_eq!(source.header("content-type"), "text/plain; charset=utf-8");
        assert!(source.header("content-security-policy").starts_with("sandbox; default-src 'none'"));

        let plain = app.patron_asks("Tam Ross", "Is the library open on Sunday?").await;
        let said = ana.get(&format!("/conversations/{plain}")).await.json()["messages"][0].clone();
        let none = ana.get(&format!("/messages/{}/frame", said["id"].as_str().expect("an id"))).await;
        assert_eq!((none.status, none.problem().as_str()), (404, "missing"));
    }
}
