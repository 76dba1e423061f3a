//! What a desk says by itself while it is closed.

use crate::support::app::on_each_engine;
use serde_json::{Value, json};

on_each_engine! {
    async fn managers_say_what_a_closed_desk_says(app: TestApp) {
        let (ana, ada) = (app.signed_in(&app.ana).await, app.signed_in(&app.ada).await);
        let path = format!("/desks/{}/away", app.desk.id);
        let none = ana.get(&path).await.json();
        assert_eq!((&none["text"], &none["opening"], &none["channels"]), (&Value::Null, &Value::Null, &json!([])));
        let text = json!({ "text": "{library} is closed until {opening}." });
        assert_eq!(ana.put(&path, text.clone()).await.problem(), "not-allowed");
        assert_eq!(ana.delete(&path).await.problem(), "not-allowed");
        assert_eq!(ana.post(&format!("{path}/preview"), text.clone()).await.problem(), "not-allowed");
        assert_eq!(ada.post(&format!("{path}/preview"), text.clone()).await.json()["text"], text["text"]);
        assert_eq!(ada.get(&path).await.json()["text"], Value::Null, "looking keeps nothing");

        let said = ada.put(&path, text.clone()).await.json();
        assert_eq!((&said["text"], &said["short"]), (&text["text"], &Value::Null));
        assert_eq!(said["changed_at"], "2026-10-01T12:00:00.000Z");
        let wrong = ada.put(&path, json!({ "text": "Call {phone}." })).await;
        assert_eq!(wrong.status, 422, "{wrong:?}");
        assert_eq!(ana.get(&path).await.json(), said);
        assert_eq!(ada.delete(&path).await.status, 204);
        assert_eq!(ada.delete(&path).await.status, 204, "twice is once");
        assert_eq!(ana.get(&path).await.json()["text"], Value::Null);
        let nowhere = format!("/desks/{}/away", app.channel.id);
        assert_eq!(ada.put(&nowhere, text).await.status, 404);
        assert_eq!(ana.get(&nowhere).await.status, 404);
    }
}
