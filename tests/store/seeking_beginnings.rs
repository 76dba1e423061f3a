//! Beginnings of few words and of very many, of what is said often, seldom or no longer: however an engine goes about it, it
//! finds what a slow and simple reading finds.

use deskbell::model::conversation::{Conversation, View};
use deskbell::model::message::Message;
use deskbell::model::search::{Surroundings, parse};
use deskbell::store::lists::{self, Query};
use deskbell::store::{Error, conversations, messages, search};

use super::bed::{Bed, House, NOW, conversation, each_engine, message, patron};
use super::seeking_any::Dice;

const CONVERSATIONS: i64 = 300;
const MESSAGES: i64 = 6_400;
/// Numbers are given to more than messages.
const APART: i64 = 61;

/// What each message says, by age: its conversation and its words.
type Said = Vec<(i64, Vec<String>)>;

/// `ever`: in every message another word begins so. `only`: in none of the newest. `seld`: now and then, and of many words.
/// `half`: in every second, of a few words. `rare`: in some twenty, of a few words. `chart`: a word by itself.
fn says(dice: &mut Dice, n: i64) -> Vec<String> {
    let mut said = vec![format!("ever{n}")];
    if n < 800 {
        said.push(format!("only{}", n % 300));
    }
    if dice.below(40) == 0 {
        said.push(format!("seld{}", dice.below(900)));
    }
    if n % 2 == 0 {
        said.push(format!("half{}", dice.below(9)));
    }
    if dice.below(300) == 0 {
        said.push(format!("rare{}", dice.below(4)));
    }
    if dice.below(70) == 0 {
        said.push("chart".to_owned());
    }
    said
}

async fn fill(bed: &Bed, dice: &mut Dice) -> (House, Said) {
    let house = House::build(bed).await;
    let (patron, address) = patron(bed, "%", "%").await;
    let mut rows: Vec<Conversation> =
        (1..=CONVERSATIONS).map(|number| conversation(&house, &patron, number)).collect();
    let (mut all, mut said) = (Vec::new(), Said::new());
    for n in 1..=MESSAGES {
        let row = &mut rows[dice.below(usize::try_from(CONVERSATIONS).unwrap())];
        let words = says(dice, n);
        row.seq = n * APART;
        all.push(message(row, &address, row.seq, "", &words.join(" ")));
        said.push((row.number, words));
    }
    bed.write(move |tx| {
        Box::pin(async move {
            for row in &rows {
                conversations::insert(tx, row).await?;
            }
            Ok::<_, Error>(())
        })
    })
    .await
    .unwrap();
    for some in all.chunks(400) {
        keep(bed, some).await;
    }
    (house, said)
}

/// A server ends the transaction of a process that stands still for long, as on a machine that is stopped: again, then.
async fn keep(bed: &Bed, some: &[Message]) {
    let mut tries = 0;
    loop {
        let some = some.to_vec();
        let kept = bed
            .write(move |tx| {
                Box::pin(async move {
                    for message in &some {
                        messages::insert(tx, message).await?;
                        search::index(tx, message.seq).await?;
                    }
                    Ok::<_, Error>(())
                })
            })
            .await;
        tries += 1;
        match kept {
            Ok(_) => return,
            Err(error) => assert!(tries < 20, "{error}"),
        }
    }
}

/// Each conversation once, by the newest message that says one of each of these.
fn naive(said: &Said, clauses: &[Vec<String>]) -> Vec<i64> {
    let (mut found, mut seen) = (Vec::new(), std::collections::HashSet::new());
    for (number, words) in said.iter().rev() {
        let says = |asked: &String| match asked.strip_suffix('*') {
            Some(beginning) => words.iter().any(|word| word.starts_with(beginning)),
            None => words.contains(asked),
        };
        if clauses.iter().all(|clause| clause.iter().any(says)) && seen.insert(*number) {
            found.push(*number);
        }
    }
    found
}

/// Some words, and at last mostly a beginning: what is typed, and what it means.
fn asked(dice: &mut Dice) -> (String, Vec<Vec<String>>) {
    let whole = ["chart", "rare1", "half3", "seld7", "only20", "nothing"];
    let beginnings =
        ["ever", "ever1", "ever63", "only", "only2", "sel", "seld1", "hal", "half4", "rare", "chart", "noth"];
    let (mut typed, mut clauses) = (String::new(), Vec::<Vec<String>>::new());
    for _ in 0..dice.below(3) {
        let word = whole[dice.below(whole.len())];
        typed.push_str(&format!("{word} "));
        clauses.push(vec![word.to_owned()]);
    }
    let beginning = beginnings[dice.below(beginnings.len())];
    let is_whole = dice.below(3) == 0;
    let beginning = if is_whole { whole[dice.below(whole.len())] } else { beginning };
    let meant = if is_whole { beginning.to_owned() } else { format!("{beginning}*") };
    match clauses.last_mut().filter(|_| dice.below(3) == 0) {
        Some(clause) => {
            typed.push_str("OR ");
            clause.push(meant);
        }
        None => clauses.push(vec![meant]),
    }
    typed.push_str(&if is_whole { format!("\"{beginning}\"") } else { beginning.to_owned() });
    (typed, clauses)
}

each_engine! {
    async fn a_beginning_finds_the_same_however_many_words_begin_so(bed: Bed) {
        let seed = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_nanos();
        let seed = std::env::var("DESKBELL_SEED").map_or(u64::try_from(seed % 1_000_000).unwrap(), |seed| seed.parse().unwrap());
        let mut dice = Dice(seed);
        let (house, said) = fill(&bed, &mut dice).await;
        let around = Surroundings::nameless(house.ana.id, NOW);
        let mut conn = bed.read().await.unwrap();
        for _ in 0..200 {
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
            let expected = naive(&said, &clauses);
            let (mut found, enough) = (Vec::new(), 5 * query.limit);
            // Several pages; of what is said often the rest is like them.
            while found.len() < enough {
                let page = lists::conversations(&mut conn, &query).await.unwrap();
                found.extend(page.items.iter().map(|row| row.number));
                query.after = page.next;
                if page.next.is_none() {
                    break;
                }
            }
            let some = if query.after.is_some() { &expected[..found.len().min(expected.len())] } else { &expected[..] };
            assert_eq!(found, some, "DESKBELL_SEED={seed}: {typed:?}, {} at a time", query.limit);
        }
    }
}
