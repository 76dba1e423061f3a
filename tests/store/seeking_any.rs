//! Texts and queries that nobody thought of: each engine finds what a slow and simple reading finds.

use deskbell::model::conversation::{Conversation, View};
use deskbell::model::search::{Surroundings, parse};
use deskbell::store::lists::{self, Query};
use deskbell::store::{Error, conversations, messages, search};

use super::bed::{Bed, House, NOW, conversation, each_engine, message, patron};

/// What texts are written with, and what a reader makes of it: letters to be looked for, or nothing where words part. A
/// capital marks what is a word by itself.
const LETTERS: [(&str, &str); 22] = [
    ("a", "a"),
    ("b", "b"),
    ("A", "a"),
    ("á", "a"),
    ("a\u{301}", "a"),
    ("ß", "ss"),
    ("ł", "l"),
    ("Ø", "o"),
    ("é", "e"),
    ("Σ", "σ"),
    ("ς", "σ"),
    ("ё", "е"),
    ("7", "7"),
    ("٧", "7"),
    ("本", "^本"),
    ("日", "^日"),
    ("🎉", "^🎉"),
    (" ", " "),
    ("-", " "),
    (".", " "),
    ("'", " "),
    ("\n", " "),
];

pub struct Dice(pub u64);

impl Dice {
    pub fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % most
    }

    /// A text, and its words.
    fn text(&mut self, letters: usize) -> (String, Vec<String>) {
        let (mut text, mut read) = (String::new(), String::new());
        for _ in 0..letters {
            let (letter, means) = LETTERS[self.below(LETTERS.len())];
            text.push_str(letter);
            match means.strip_prefix('^') {
                Some(alone) => read.push_str(&format!(" {alone} ")),
                None => read.push_str(means),
            }
        }
        (text, read.split_whitespace().map(str::to_owned).collect())
    }
}

/// Something asked for: words side by side, the last of which may go on, and whether they must not be said.
struct Asked {
    words: Vec<String>,
    goes_on: bool,
    not: bool,
}

impl Asked {
    fn is_in(&self, said: &[String]) -> bool {
        (0..said.len()).any(|at| {
            self.words.iter().enumerate().all(|(place, word)| {
                said.get(at + place).is_some_and(|other| {
                    other == word
                        || (self.goes_on && place + 1 == self.words.len() && other.starts_with(word.as_str()))
                })
            })
        })
    }
}

/// Each conversation's messages, each its words: of the subject and of the text, which are never read as one.
type Said = Vec<Vec<[Vec<String>; 2]>>;

fn naive(said: &Said, clauses: &[Vec<Asked>]) -> Vec<i64> {
    let says = |one: &[Vec<String>; 2], asked: &Asked| one.iter().any(|text| asked.is_in(text));
    let mut found = Vec::new();
    let mut seq = 0;
    for (number, messages) in (1..).zip(said) {
        let mut newest = None;
        for one in messages {
            seq += 1;
            let holds = |asked: &Asked| match asked.not {
                true => !messages.iter().any(|other| says(other, asked)),
                false => says(one, asked),
            };
            if !clauses.is_empty() && clauses.iter().all(|clause| clause.iter().any(holds)) {
                newest = Some(seq);
            }
        }
        found.extend(newest.map(|seq| (seq, number)));
    }
    found.sort_unstable();
    found.into_iter().rev().map(|(_, number)| number).collect()
}

async fn fill(bed: &Bed, dice: &mut Dice) -> (House, Said) {
    let house = House::build(bed).await;
    let (patron, address) = patron(bed, "%", "%").await;
    let (mut rows, mut all, mut said, mut seq) = (Vec::<Conversation>::new(), Vec::new(), Said::new(), 0);
    for number in 1..=80 {
        let row = conversation(&house, &patron, number);
        let mut words = Vec::new();
        for _ in 0..=dice.below(4) {
            let (subject, subject_words) = dice.text(4);
            let length = dice.below(24);
            let (text, text_words) = dice.text(length);
            seq += 1;
            all.push(message(&row, &address, seq, &subject, &text));
            words.push([subject_words, text_words]);
        }
        said.push(words);
        rows.push(Conversation { seq, ..row });
    }
    bed.write(move |tx| {
        Box::pin(async move {
            for row in &rows {
                conversations::insert(tx, row).await?;
            }
            for message in &all {
                messages::insert(tx, message).await?;
                search::index(tx, message.seq).await?;
            }
            Ok::<_, Error>(())
        })
    })
    .await
    .unwrap();
    (house, said)
}

/// Some conditions, and how somebody types them.
fn asked(dice: &mut Dice) -> (String, Vec<Vec<Asked>>) {
    let (mut typed, mut clauses) = (String::new(), Vec::<Vec<Asked>>::new());
    for _ in 0..=dice.below(3) {
        let length = 1 + dice.below(4);
        let (text, words) = dice.text(length);
        let (quoted, not) = (dice.below(3) == 0, dice.below(4) == 0);
        let text = text.replace([' ', '\n'], if quoted { " " } else { "" });
        // Without the spaces it is another word; what begins with a dash is not to be said.
        if text.starts_with('-') || text.is_empty() || (words.is_empty() && !clauses.is_empty()) {
            continue;
        }
        let words = read(&text);
        if words.is_empty() {
            continue;
        }
        let or = !clauses.is_empty() && dice.below(4) == 0;
        typed.push_str(match () {
            () if or => " OR ",
            () if clauses.is_empty() => "",
            () => " ",
        });
        typed.push_str(if not { "-" } else { "" });
        typed.push_str(&if quoted { format!("\"{text}\"") } else { text });
        let one = Asked { words, goes_on: false, not };
        match clauses.last_mut() {
            Some(clause) if or => clause.push(one),
            _ => clauses.push(vec![one]),
        }
    }
    // The last word may go on, where nothing ends it.
    let ends = typed.chars().last().is_some_and(|c| !read(&c.to_string()).is_empty());
    if let Some(last) = clauses.last_mut().and_then(|clause| clause.last_mut()) {
        let word = last.words.last().unwrap();
        last.goes_on = ends && !last.not && (word.chars().count() > 2 || !word.is_ascii());
    }
    (typed, clauses)
}

fn read(text: &str) -> Vec<String> {
    let mut read = String::new();
    for c in text.chars().filter(|c| *c != '\u{301}') {
        let means =
            LETTERS.iter().find(|(letter, _)| *letter == c.to_string()).map_or(" ", |(_, means)| *means);
        match means.strip_prefix('^') {
            Some(alone) => read.push_str(&format!(" {alone} ")),
            None => read.push_str(means),
        }
    }
    read.split_whitespace().map(str::to_owned).collect()
}

each_engine! {
    async fn any_query_finds_in_any_texts_what_a_slow_reading_finds(bed: Bed) {
        let seed = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_nanos();
        let seed = std::env::var("DESKBELL_SEED").map_or(u64::try_from(seed % 1_000_000).unwrap(), |seed| seed.parse().unwrap());
        let mut dice = Dice(seed);
        let (house, said) = fill(&bed, &mut dice).await;
        let around = Surroundings::nameless(house.ana.id, NOW);
        let (mut something, mut conn) = (0, bed.read().await.unwrap());
        for _ in 0..400 {
            let (typed, clauses) = asked(&mut dice);
            let mut query = Query {
                view: View::All,
                staff: house.ana.id,
                desk: None,
                channel: None,
                tag: None,
                sought: Some(parse(&typed, &around)),
                now: NOW,
                limit: 1 + dice.below(50),
                after: None,
            };
            let mut found = Vec::new();
            loop {
                let page = lists::conversations(&mut conn, &query).await.unwrap();
                found.extend(page.items.iter().map(|row| row.number));
                query.after = page.next;
                if page.next.is_none() {
                    break;
                }
            }
            let expected = naive(&said, &clauses);
            something += usize::from(!expected.is_empty());
            assert_eq!(found, expected, "DESKBELL_SEED={seed}: {typed:?} read as {}", query.sought.unwrap().in_words());
        }
        assert!(something > 100, "{something} of 400 queries found something, DESKBELL_SEED={seed}");
    }
}
