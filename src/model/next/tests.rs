use proptest::prelude::*;

use super::*;

const NOW: Millis = 1_790_856_000_000;

fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

/// One question of those that random houses are made of.
#[derive(Clone, Debug)]
struct Question {
    id: Uuid,
    desk: u128,
    channel: u128,
    rung: Rung,
    skill: String,
    language: String,
    offered: Option<u128>,
    due_at: Millis,
    /// For this person.
    kept: Option<bool>,
}

fn question() -> impl Strategy<Value = Question> {
    let rung = (0..5_i64).prop_map(|number| Rung::try_from(number).unwrap());
    (
        0..3_u128,
        0..2_u128,
        rung,
        "[ab]?",
        "(es|fr)?",
        prop::option::of(0..3_u128),
        -3..3_i64,
        prop::option::weighted(0.2, any::<bool>()),
    )
        .prop_map(|(desk, channel, rung, skill, language, offered, due, kept)| Question {
            id: Uuid::nil(),
            desk,
            channel,
            rung,
            skill,
            language,
            offered,
            due_at: NOW + due,
            kept,
        })
}

fn taker() -> impl Strategy<Value = Taker> {
    let desks = prop::sample::subsequence(vec![0_u128, 1, 2], 0..=3);
    let skills = prop::sample::subsequence(vec!["a".to_owned(), "b".to_owned()], 0..=2);
    let languages = prop::sample::subsequence(vec!["es".to_owned(), "fr".to_owned()], 0..=2);
    (desks, skills, languages, 0..3_i64).prop_map(|(desks, skills, languages, live)| Taker {
        desks: desks.into_iter().map(id).collect(),
        able: Abilities { skills, languages, live_at_once: 2 },
        live,
    })
}

fn stack(of: &Question) -> Stack {
    Stack {
        desk_id: id(of.desk),
        channel_id: id(of.channel),
        rung: of.rung,
        skill: of.skill.clone(),
        language: of.language.clone(),
        offered: of.offered.map(|desk| id(desk).to_string()).unwrap_or_default(),
        conversations: 1,
        top: Some(of.id),
        due_at: Some(of.due_at),
    }
}

/// As the store lays them: the top of each stack is the one due soonest that is kept for nobody.
fn laid(questions: &[Question]) -> (Vec<Stack>, Vec<Stack>) {
    let mut stacks: Vec<Stack> = Vec::new();
    for question in questions {
        let mut new = stack(question);
        if question.kept.is_some() {
            (new.top, new.due_at) = (None, None);
        }
        let key = |one: &Stack| Stack { conversations: 0, top: None, due_at: None, ..one.clone() };
        match stacks.iter_mut().find(|known| key(known) == key(&new)) {
            None => stacks.push(new),
            Some(known) => {
                known.conversations += 1;
                let soonest =
                    [known.due_at.zip(known.top), new.due_at.zip(new.top)].into_iter().flatten().min();
                (known.due_at, known.top) = soonest.unzip();
            }
        }
    }
    let kept = questions.iter().filter(|one| one.kept == Some(true)).map(stack).collect();
    (stacks, kept)
}

/// The rule once more, for one question at a time.
fn may(taker: &Taker, question: &Question) -> bool {
    let at = [Some(question.desk), question.offered]
        .into_iter()
        .flatten()
        .any(|desk| taker.desks.contains(&id(desk)));
    at && (question.skill.is_empty() || taker.able.skills.contains(&question.skill))
        && (question.language.is_empty() || taker.able.languages.contains(&question.language))
        && (question.rung != Rung::Live || taker.live < 2)
        && question.kept != Some(false)
}

fn turn(question: &Question) -> (u8, Millis, Uuid) {
    let late = question.due_at <= NOW && question.rung <= Rung::InTurn;
    let turn = match question.rung {
        Rung::Live => 0,
        _ if late => 1,
        Rung::Urgent | Rung::UrgentForNobody => 2,
        _ if question.kept == Some(true) => 3,
        Rung::InTurn => 4,
        Rung::ForNobody => 5,
    };
    (turn, question.due_at, question.id)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    /// The tops alone give the same as looking at each question; nobody is given what they lack something for; and who is
    /// given nothing is told of every patron who waits there, once.
    #[test]
    fn the_next_is_the_first_of_all_that_one_may_take(
        mut questions in prop::collection::vec(question(), 0..14),
        taker in taker(),
        desk in prop::option::of(0..3_u128),
        channel in prop::option::of(0..2_u128),
    ) {
        for (number, question) in (100..).zip(&mut questions) {
            question.id = id(number);
        }
        let (stacks, kept) = laid(&questions);
        let place = Where { desk: desk.map(id), channel: channel.map(id) };
        let there = |one: &&Question| {
            desk.is_none_or(|desk| one.desk == desk || one.offered == Some(desk))
                && channel.is_none_or(|channel| one.channel == channel)
        };
        let first = questions.iter().filter(|one| may(&taker, one)).filter(there).min_by_key(|one| turn(one));
        match (choose(&stacks, &kept, &taker, place, NOW), first) {
            (Choice::Take(taken), Some(first)) => prop_assert_eq!(taken, first.id),
            (Choice::Nothing { lacking, elsewhere }, None) => {
                let waits = questions.iter().filter(there).filter(|one| one.rung <= Rung::InTurn).count();
                prop_assert_eq!(lacking.iter().map(|(_, count)| *count).sum::<i64>(), i64::try_from(waits).unwrap());
                let anywhere = questions.iter().any(|one| may(&taker, one));
                prop_assert_eq!(elsewhere, anywhere);
            }
            (given, first) => prop_assert!(false, "{given:?} where {first:?} is first"),
        }
    }
}

#[test]
fn what_cannot_be_taken_is_said_in_sentences() {
    let accounts = Lack::Ability(Needs { skill: "card accounts".to_owned(), language: String::new() });
    assert_eq!(in_words(&[(accounts.clone(), 2)]), "2 wait for someone with card accounts.");
    let all = in_words(&[(accounts, 1), (Lack::Room, 1), (Lack::Kept, 3), (Lack::Desk, 1)]);
    assert_eq!(
        all,
        "1 waits for someone with card accounts. 1 waits live, and you have as many live conversations as you take at \
         once. 3 wait a moment for a colleague who knows the patron. 1 waits at desks where you do not answer."
    );
    assert!(Rung::try_from(5).is_err() && Rung::try_from(-1).is_err());
}
