//! Words with the frequencies of a language, always the same for the same seed.

/// Splitmix64: small, and the same everywhere.
#[derive(Clone, Debug)]
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed ^ 0x5851_f42d_4c95_7f2d)
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Evenly from `0..below`.
    pub fn below(&mut self, below: usize) -> usize {
        (self.next() % below as u64) as usize
    }

    /// True so many times in a hundred.
    pub fn percent(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }

    fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }
}

const SAID_OFTEN: &str = "the a to I my is for and of it in on have that you please book library card until was not \
    could with but renew at hold this can from your there loan branch due me return if account would be when been \
    by opening hours room desk copy shelf found tell know next week thank kindly today morning still";
const SOUNDS: [&str; 36] = [
    "al", "an", "bel", "bri", "can", "dor", "el", "fen", "gar", "hol", "im", "jun", "kel", "lar", "mer",
    "nor", "ol", "pen", "qui", "ros", "sil", "tam", "ul", "ver", "wes", "yar", "zel", "mon", "ter", "vin",
    "lo", "ma", "ne", "ri", "so", "tu",
];
const HOW_MANY: usize = 20_000;

/// A vocabulary in which the hundredth word is said a hundredth as often as the first.
pub struct Words {
    all: Vec<String>,
    up_to: Vec<f64>,
}

impl Words {
    pub fn new() -> Self {
        let mut all: Vec<String> = SAID_OFTEN.split_whitespace().map(str::to_owned).collect();
        let mut dice = Dice::new(1);
        let mut known: std::collections::HashSet<String> = all.iter().cloned().collect();
        while all.len() < HOW_MANY {
            let word: String = (0..2 + dice.below(3)).map(|_| *dice.pick(&SOUNDS)).collect();
            if known.insert(word.clone()) {
                all.push(word);
            }
        }
        let mut sum = 0.0;
        let up_to = (1..=all.len()).map(|rank| {
            sum += 1.0 / (rank as f64 + 2.0);
            sum
        });
        Self { up_to: up_to.collect(), all }
    }

    pub fn one(&self, dice: &mut Dice) -> &str {
        let at = dice.unit() * self.up_to[self.up_to.len() - 1];
        &self.all[self.up_to.partition_point(|sum| *sum < at).min(self.all.len() - 1)]
    }

    /// A name that few others have.
    pub fn name(&self, dice: &mut Dice) -> String {
        let word = &self.all[60 + dice.below(self.all.len() - 60)];
        word[..1].to_uppercase() + &word[1..]
    }

    /// So many words in sentences, a line break here and there.
    pub fn text(&self, dice: &mut Dice, words: usize) -> String {
        let mut text = String::with_capacity(words * 7);
        let mut begins = true;
        for n in 1..=words {
            let word = self.one(dice);
            if begins {
                text.push_str(&word[..1].to_uppercase());
                text.push_str(&word[1..]);
            } else {
                text.push_str(word);
            }
            begins = n % 11 == 0 || n == words;
            text.push_str(if begins { "." } else { "" });
            text.push(if n % 12 == 0 { '\n' } else { ' ' });
        }
        text.truncate(text.trim_end().len());
        text
    }
}
