//! Made-up lines to type: random names, from a seed that a failing test prints.

/// A source of lines. The same seed gives the same lines.
pub struct Story {
    state: u64,
}

impl Story {
    /// A story that differs each time; its seed goes to standard output, which a failing test shows.
    pub fn random() -> Self {
        use std::hash::{BuildHasher as _, RandomState};
        let seed = RandomState::new().hash_one(0);
        println!("the story's seed is {seed}");
        Self { state: seed }
    }

    /// `count` lines of six kinds in turn, each of which makes a new fact.
    pub fn facts(&mut self, count: usize) -> Vec<String> {
        (0..count).map(|n| self.fact(n)).collect()
    }

    /// Any bytes.
    pub fn noise(&mut self, len: usize) -> Vec<u8> {
        (0..len).map(|_| self.below(256) as u8).collect()
    }

    fn fact(&mut self, n: usize) -> String {
        // The number keeps names apart, whatever chance says.
        let name = format!("{}{n}", self.name());
        match n % 6 {
            0 => format!("app install {name} {}.{}", self.below(10), self.below(100)),
            1 => format!("user add {name} {}", ["user", "service", "admin"][self.below(3)]),
            2 => format!("port open {} {} {name}", ["tcp", "udp"][self.below(2)], 1000 + n),
            3 => format!("neighbour seen 02:00:5e:00:{n:02x}:{:02x} 192.0.2.{}", self.below(256), self.below(256)),
            4 => format!("cert set {name} 20{:02}-0{}-1{}", 26 + self.below(70), 1 + self.below(9), self.below(10)),
            _ => format!("set {name} {}", self.name()),
        }
    }

    fn name(&mut self) -> String {
        (0..3 + self.below(12)).map(|_| char::from(b'a' + self.below(26) as u8)).collect()
    }

    /// SplitMix64, reduced; the bias is of no matter here.
    fn below(&mut self, bound: usize) -> usize {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.state ^ (self.state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        (mixed >> 33) as usize % bound
    }
}
