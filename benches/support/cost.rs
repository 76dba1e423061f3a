//! What something cost: time on the wall, time of the processors, memory.

use std::time::{Duration, Instant};

/// Time spent.
#[derive(Clone, Copy, Debug, Default)]
pub struct Cost {
    /// On the wall.
    pub wall: Duration,
    /// Of this process's threads together, in the system too.
    pub cpu: Duration,
}

/// Costs of turns, each beside what the same turn cost elsewhere: a busy moment of the machine spoils a turn, not the
/// median.
#[derive(Default)]
pub struct Turns(Vec<Cost>);

impl Turns {
    pub fn add(&mut self, turn: Cost) {
        self.0.push(turn);
    }

    /// The median turn's time on the wall, for each of so many mails, microseconds.
    pub fn wall_us(&self, mails_a_turn: usize) -> f64 {
        let mut walls: Vec<Duration> = self.0.iter().map(|turn| turn.wall).collect();
        per_mille(&mut walls, 500).as_secs_f64() * 1e6 / mails_a_turn as f64
    }

    /// Of the processors, all turns together (a turn is too short to be told apart), for each mail, microseconds.
    pub fn cpu_us(&self, mails_a_turn: usize) -> f64 {
        let cpu: Duration = self.0.iter().map(|turn| turn.cpu).sum();
        cpu.as_secs_f64() * 1e6 / (mails_a_turn * self.0.len()) as f64
    }

    /// Both, as shown.
    pub fn shown(&self, mails_a_turn: usize) -> String {
        format!("{:.0} us (CPU {:.0} us)", self.wall_us(mails_a_turn), self.cpu_us(mails_a_turn))
    }
}

/// From its making until it is read.
pub struct Meter {
    since: Instant,
    cpu: Duration,
}

impl Meter {
    pub fn start() -> Self {
        Self { since: Instant::now(), cpu: cpu(std::process::id()) }
    }

    pub fn read(&self) -> Cost {
        Cost { wall: self.since.elapsed(), cpu: cpu(std::process::id()) - self.cpu }
    }
}

/// User and system time of a process so far, to a hundredth of a second.
pub fn cpu(process: u32) -> Duration {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap();
    let fields: Vec<&str> = stat.rsplit_once(')').unwrap().1.split_whitespace().collect();
    let ticks: u64 = fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap();
    Duration::from_millis(ticks * 10)
}

/// Resident memory of a process in MiB.
pub fn resident_mib(process: u32) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<f64>().unwrap() / 1024.0
}

/// The value below which so many in a thousand lie.
pub fn per_mille(times: &mut [Duration], per_mille: usize) -> Duration {
    times.sort_unstable();
    times[(times.len() * per_mille / 1000).min(times.len() - 1)]
}
