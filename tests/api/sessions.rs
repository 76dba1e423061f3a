use crate::support::app::{PASSWORD, TestApp, on_each_engine};
use axum::http::header;
use deskbell::access::{link, session, token};
use deskbell::error::Error;
use deskbell::store::people;
use serde_json::json;

on_each_engine! {
    async fn the_right_password_signs_in_and_nothing_else_is_told(app: TestApp) {
        let browser = app.stranger();
        let answer = browser.post("/sessions", json!({ "email": " ANA@harbour.example", "password": PASSWORD })).await;
        assert_eq!(answer.status, 201);
        let me = answer.json();
        assert_eq!(me["staff"]["id"], json!(app.ana.id));
        assert_eq!(me["staff"]["initials"], "AL");
        let library = json!({ "name": "Harbour Library", "zone": "Europe/Berlin", "reply_policy": "ask", "head_start_seconds": 120 });
        assert_eq!(me["library"], library);
        let cookie = answer.header("set-cookie");
        for part in ["deskbell=", "; HttpOnly", "; SameSite=Lax", "; Path=/"] {
            assert!(cookie.contains(part), "{cookie}");
        }
        assert!(!String::from_utf8_lossy(&answer.body).contains(PASSWORD));

        app.db
            .write::<_, Error, _>({
                let (bryan, now) = (app.bryan.id, app.clock.now());
                move |tx| Box::pin(async move { Ok(people::disable_staff(tx, bryan, now).await?) })
            })
            .await
            .unwrap();
        // A wrong password, an address nobody has, and somebody who left.
        let mut told = Vec::new();
        for (address, password) in [
            ("ana@harbour.example", "not the pass phrase"),
            ("nobody@harbour.example", PASSWORD),
            ("bryan@harbour.example", PASSWORD),
            ("", ""),
        ] {
            let refused = browser.post("/sessions", json!({ "email": address, "password": password })).await;
            assert_eq!((refused.status, refused.problem().as_str()), (401, "wrong-sign-in"), "{address}");
            assert!(refused.headers.get(header::SET_COOKIE).is_none());
            told.push(refused.body);
        }
        assert!(told.windows(2).all(|two| two[0] == two[1]), "the same for all: {told:?}");
    }

    async fn too_many_tries_are_the_same_for_an_account_that_is_none(app: TestApp) {
        for address in ["ana@harbour.example", "nobody@harbour.example"] {
            let mut statuses = Vec::new();
            for n in 0..11_u8 {
                let mut browser = app.stranger();
                browser.peer = ([203, 0, 113, n], 5000).into();
                // What a client says of where it is counts for nothing.
                browser.headers.insert("x-forwarded-for", format!("10.0.0.{n}").parse().unwrap());
                let answer = browser.post("/sessions", json!({ "email": address, "password": "guess" })).await;
                if answer.status == 429 {
                    assert_eq!(answer.problem(), "too-many-tries");
                    assert_eq!(answer.told()["retry_after_s"], 30);
                    assert_eq!(answer.header("retry-after"), "30");
                }
                statuses.push(answer.status);
            }
            assert_eq!(statuses, [[401; 10].as_slice(), &[429]].concat(), "{address}");
        }
        app.clock.advance(30_000);
        let answer =
            app.stranger().post("/sessions", json!({ "email": "ana@harbour.example", "password": PASSWORD })).await;
        assert_eq!(answer.status, 201, "half a minute later the right password is taken again");
    }

    async fn a_link_is_spent_once_however_many_try_at_once(app: TestApp) {
        let (secret, _) = link::make(&app.access, app.ana.id).await.unwrap();
        let mut racing = tokio::task::JoinSet::new();
        for n in 0..20_u8 {
            let (mut browser, body) = (app.stranger(), json!({ "link": secret }));
            browser.peer = ([203, 0, 113, n], 5000).into();
            racing.spawn(async move { browser.post("/sessions", body).await });
        }
        let answers = racing.join_all().await;
        assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 1);
        for refused in answers.iter().filter(|answer| answer.status != 201) {
            assert_eq!((refused.status, refused.problem().as_str()), (401, "link-spent"));
        }

        let (late, until) = link::make(&app.access, app.ana.id).await.unwrap();
        app.clock.advance(until - app.clock.now());
        for secret in [late.as_str(), "no link at all", ""] {
            let refused = app.stranger().post("/sessions", json!({ "link": secret })).await;
            assert_eq!((refused.status, refused.problem().as_str()), (401, "link-spent"));
        }
    }

    async fn sessions_are_listed_and_ended_by_their_owner_only(app: TestApp) {
        let mut phone = app.stranger();
        phone.headers.insert(header::USER_AGENT, "Phone/1".parse().unwrap());
        let answer = phone.post("/sessions", json!({ "email": app.ana.email, "password": PASSWORD })).await;
        phone.keep_cookie(&answer);
        app.clock.advance(60_000);
        let (desk, bryan) = (app.signed_in(&app.ana).await, app.signed_in(&app.bryan).await);

        let list = desk.get("/sessions").await.json();
        let items = list["items"].as_array().unwrap();
        assert_eq!(items.len(), 2);
        assert_eq!((&items[0]["current"], &items[1]["current"]), (&json!(true), &json!(false)));
        assert_eq!((&items[1]["user_agent"], &items[1]["address"]), (&json!("Phone/1"), &json!("198.51.100.7")));
        let of_phone = items[1]["id"].as_str().unwrap();

        assert_eq!(phone.get("/me").await.status, 200);
        let refused = bryan.delete(&format!("/sessions/{of_phone}")).await;
        assert_eq!((refused.status, refused.problem().as_str()), (404, "missing"));
        assert_eq!(phone.get("/me").await.status, 200);
        assert_eq!(desk.delete(&format!("/sessions/{of_phone}")).await.status, 204);
        let out = phone.get("/me").await;
        assert_eq!((out.status, out.problem().as_str()), (401, "signed-out"), "at once");

        let gone = desk.delete("/sessions/current").await;
        assert_eq!(gone.status, 204);
        assert!(gone.header("set-cookie").contains("Max-Age=0"), "the browser forgets it too");
        assert_eq!(desk.get("/me").await.status, 401);
        assert_eq!(bryan.get("/me").await.status, 200);
    }

    async fn nobody_is_signed_in_to_a_session_that_somebody_else_knows(app: TestApp) {
        // An attacker plants a cookie of their own before Ana signs in.
        let bryan = app.signed_in(&app.bryan).await;
        let mut browser = app.stranger();
        let planted = bryan.headers[header::COOKIE].clone();
        browser.headers.insert(header::COOKIE, planted.clone());
        let answer = browser.post("/sessions", json!({ "email": app.ana.email, "password": PASSWORD })).await;
        browser.keep_cookie(&answer);
        assert_ne!(browser.headers[header::COOKIE], planted);
        assert_eq!(browser.get("/me").await.json()["staff"]["id"], json!(app.ana.id));
        assert_eq!(bryan.get("/me").await.status, 401, "the planted one has ended");

        let first = browser.headers[header::COOKIE].clone();
        let answer = browser.post("/sessions", json!({ "email": app.ana.email, "password": PASSWORD })).await;
        browser.keep_cookie(&answer);
        assert_ne!(browser.headers[header::COOKIE], first, "a new secret with every sign-in");
    }

    async fn a_session_ends_by_itself_when_nobody_uses_it(app: TestApp) {
        let ana = app.signed_in(&app.ana).await;
        for _ in 0..6 {
            app.clock.advance(session::IDLE_MS - 1);
            assert_eq!(ana.get("/me").await.status, 200, "using it keeps it");
            crate::support::until("its use is noted", || async {
                let open = session::list(&app.access, app.ana.id).await.unwrap();
                open.iter().any(|one| one.last_seen_at == app.clock.now())
            })
            .await;
        }
        app.clock.advance(session::LONGEST_MS - 6 * (session::IDLE_MS - 1));
        assert_eq!(ana.get("/me").await.status, 401, "however much it is used");

        let ana = app.signed_in(&app.ana).await;
        app.clock.advance(session::IDLE_MS);
        assert_eq!(ana.get("/me").await.status, 401, "not used for long");
    }

    async fn a_token_speaks_for_its_owner_until_it_is_taken_back(app: TestApp) {
        let (row, secret) = token::make(&app.access, app.ana.id, "nightly report").await.unwrap();
        let program = app.stranger().with_token(&secret);
        assert_eq!(program.get("/me").await.json()["staff"]["id"], json!(app.ana.id));
        let id = app.patron_asks("Amara Osei", "Is the library open on Sunday?").await;
        assert_eq!(program.put(&format!("/conversations/{id}/claim"), json!({})).await.status, 200);

        token::revoke(&app.access, row.id).await.unwrap();
        assert_eq!(program.get("/me").await.problem(), "signed-out");
        // A token that is sent is meant: no cookie stands in for it.
        let both = app.signed_in(&app.ana).await.with_token(&secret);
        assert_eq!(both.get("/me").await.status, 401);
        let mut odd = app.signed_in(&app.ana).await;
        odd.headers.insert(header::AUTHORIZATION, "Basic YW5hOmFuYQ==".parse().unwrap());
        assert_eq!(odd.get("/me").await.status, 401);
    }

    async fn whoever_leaves_is_out_at_once(app: TestApp) {
        let ana = app.signed_in(&app.ana).await;
        let (_, secret) = token::make(&app.access, app.ana.id, "script").await.unwrap();
        assert_eq!(ana.get("/me").await.status, 200);
        session::end_all_of(&app.access, app.ana.id).await.unwrap();
        assert_eq!(ana.get("/me").await.status, 401);
        assert_eq!(app.stranger().with_token(&secret).get("/me").await.status, 401);
    }
}

#[tokio::test]
async fn where_the_connection_is_encrypted_the_cookie_is_too() {
    let app =
        TestApp::told(|config| config.public_url = Some("https://desk.example/".parse().unwrap())).await;
    let answer =
        app.stranger().post("/sessions", json!({ "email": app.ana.email, "password": PASSWORD })).await;
    let cookie = answer.header("set-cookie");
    assert!(cookie.starts_with("__Host-deskbell=") && cookie.contains("; Secure"), "{cookie}");
    assert_eq!(answer.header("strict-transport-security"), "max-age=31536000");
}
