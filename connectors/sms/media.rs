//! Files of texts, fetched after the text is kept.

use bytes::Bytes;
use reqwest::Method;
use reqwest::header::{CONTENT_TYPE, LOCATION};

use super::channel::Number;
use super::settings::is_sid;
use super::wire::MediaPage;
use super::{API, trouble};
use crate::contract::{BoxFuture, Failure, File, Media, Reason};
use crate::web::Answer;

impl Media for Number {
    fn fetch<'a>(&'a self, reference: &'a str, max_bytes: u64) -> BoxFuture<'a, Result<File, Failure>> {
        Box::pin(async move {
            let path = self.place_of(reference).await?;
            let first = self.api.download(self.request(Method::GET, &path), max_bytes).await?;
            let answer = match first.status {
                301 | 302 | 303 | 307 | 308 => {
                    let elsewhere = first.header(LOCATION.as_str()).ok_or_else(gone)?;
                    // Our keys stay here: whoever stores the file must not see them.
                    let request = self.api.request(Method::GET, elsewhere).timeout(self.config.patience);
                    self.api.download(request, max_bytes).await?
                }
                _ => first,
            };
            self.file(answer)
        })
    }
}

impl Number {
    /// The file's path; a text read from the list names only its number among the text's files.
    async fn place_of(&self, reference: &str) -> Result<String, Failure> {
        let texts = format!("{API}/Accounts/{}/Messages/", self.config.account);
        let Some((text, number)) = reference.split_once('#') else {
            let within = reference.strip_prefix(&texts).is_some_and(|rest| !rest.contains(".."));
            return if within { Ok(reference.to_owned()) } else { Err(gone()) };
        };
        if !["SM", "MM"].iter().any(|letters| is_sid(text, letters)) {
            return Err(gone());
        }
        let answer = self.ask(Method::GET, &format!("{texts}{text}/Media.json")).await?;
        if !answer.is_success() {
            return Err(self.no_file(&answer));
        }
        let page: MediaPage = answer.json()?;
        let number: usize = number.parse().map_err(|_| gone())?;
        let sid = page.media_list.get(number).and_then(|file| file.sid.as_deref()).ok_or_else(gone)?;
        Ok(format!("{texts}{text}/Media/{sid}"))
    }

    fn file(&self, answer: Answer) -> Result<File, Failure> {
        if !answer.is_success() {
            return Err(self.no_file(&answer));
        }
        let content_type =
            answer.header(CONTENT_TYPE.as_str()).unwrap_or("application/octet-stream").to_owned();
        Ok(File { bytes: Bytes::from(answer.body), content_type, filename: None })
    }

    fn no_file(&self, answer: &Answer) -> Failure {
        match answer.status {
            404 | 410 => gone(),
            _ => trouble::asking(answer, self.account.outside.now()),
        }
    }
}

fn gone() -> Failure {
    Failure::Permanent {
        reason: Reason::NotAllowed,
        why: "Twilio does not have this file any more.".to_owned(),
    }
}
