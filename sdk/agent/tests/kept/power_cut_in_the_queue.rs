//! The power goes at every byte of every write and erase of the queue, again after each cut, and the store is rebuilt from its bytes each time: what was
//! appended is there in its order, what was removed is not, and what was cut short is there or not.

use super::flash::{Flash, Order, PowerWent};
use tidings::kept::FlashEventsError;
use tidings::{EventStore, FlashEvents, Severity};

const PAGES: usize = 3;
const ORDERS: [Order; 3] = [Order::Up, Order::Down, Order::Mixed];

/// A step of the script.
#[derive(Debug, Clone, Copy)]
enum Do {
    /// Appends a record with this name and length.
    Append(u32, usize),
    /// Removes this many from the front, in one pass.
    Remove(usize),
}

/// A record: its name, and then as many bytes as it takes.
fn record(name: u32, len: usize) -> Vec<u8> {
    let mut bytes = name.to_le_bytes().to_vec();
    bytes.resize(len, name as u8);
    bytes
}

/// What must be in the store, what may be, by name.
#[derive(Debug, Clone, Default)]
struct Model {
    sure: Vec<u32>,
    maybe: Vec<u32>,
}

impl Model {
    fn begin(&mut self, step: Do) {
        match step {
            Do::Append(name, _) => self.maybe.push(name),
            Do::Remove(count) => self.maybe.extend(self.sure.drain(..count.min(self.sure.len()))),
        }
    }

    /// The step is finished.
    fn finish(&mut self, step: Do) {
        match step {
            Do::Append(name, _) => {
                self.maybe.retain(|maybe| *maybe != name);
                self.sure.push(name);
            }
            Do::Remove(_) => self.maybe.clear(),
        }
    }

    /// There is no room for it.
    fn refuse(&mut self, step: Do) {
        self.maybe.retain(|maybe| !matches!(step, Do::Append(name, _) if name == *maybe));
    }

    /// Takes what is there for the truth from now on.
    fn settle(&mut self, found: &[u32]) {
        self.sure = found.to_vec();
        self.maybe.clear();
    }
}

type Store<'f, const W: usize, const P: usize> = FlashEvents<&'f mut Flash<W, P>>;

/// Opens the store, which may mend it; none if the power went in that.
fn store<const W: usize, const P: usize>(flash: &mut Flash<W, P>) -> Option<Store<'_, W, P>> {
    let range = flash.range();
    match FlashEvents::new(flash, range, Severity::Info) {
        Ok(store) => Some(store),
        Err(error) => {
            assert_eq!(error, FlashEventsError::Flash(PowerWent));
            None
        }
    }
}

fn names<const W: usize, const P: usize>(store: &mut Store<'_, W, P>) -> Vec<u32> {
    let mut found = Vec::new();
    let look = store.review(&mut |bytes| {
        let name = u32::from_le_bytes(bytes[..4].try_into().expect("a name"));
        assert_eq!(bytes, record(name, bytes.len()), "a record is as it was appended");
        found.push(name);
        false
    });
    assert_eq!(look, Ok(()), "after {found:?}");
    found
}

/// How a step went.
#[derive(Debug, PartialEq, Eq)]
enum Went {
    Well,
    Full,
    Cut,
}

fn take<const W: usize, const P: usize>(store: &mut Store<'_, W, P>, step: Do) -> Went {
    let done = match step {
        Do::Append(name, len) => store.append(&record(name, len)),
        Do::Remove(count) => {
            let mut seen = 0;
            store.review(&mut |_| {
                seen += 1;
                seen <= count
            })
        }
    };
    match done {
        Ok(()) => Went::Well,
        Err(FlashEventsError::Flash(_)) => Went::Cut,
        Err(FlashEventsError::Full) => Went::Full,
        Err(error) => panic!("{step:?}: {error:?}"),
    }
}

/// Takes a step with so much power; the flash and the model afterwards, and whether the power went.
fn step_with<const W: usize, const P: usize>(
    flash: &Flash<W, P>,
    model: &Model,
    step: Do,
    power: usize,
) -> (Flash<W, P>, Model, bool) {
    let (mut flash, mut model) = (flash.rebuilt(power), model.clone());
    if let Some(mut store) = store(&mut flash) {
        model.begin(step);
        match take(&mut store, step) {
            Went::Well => model.finish(step),
            Went::Full => model.refuse(step),
            Went::Cut => {}
        }
    }
    let cut = flash.is_cut();
    (flash, model, cut)
}

/// Boots with enough power and looks: all that must be there is, in order, and nothing that may not be. Gives the model as it is then known.
fn look<const W: usize, const P: usize>(
    flash: &Flash<W, P>,
    model: &Model,
    why: &dyn Fn() -> String,
) -> (Flash<W, P>, Model) {
    let mut flash = flash.rebuilt(usize::MAX);
    let found = names(&mut store(&mut flash).expect("there is power"));
    let sure: Vec<u32> = found.iter().copied().filter(|name| model.sure.contains(name)).collect();
    assert_eq!(sure, model.sure, "of {found:?}; {}", why());
    let odd = found.iter().find(|name| !model.sure.contains(name) && !model.maybe.contains(name));
    assert_eq!(odd, None, "of {found:?}; {}", why());
    assert!(found.is_sorted(), "{found:?}; {}", why());
    let mut known = Model::default();
    known.settle(&found);
    (flash, known)
}

/// After a cut the queue still takes a record and gives up all it holds.
fn goes_on<const W: usize, const P: usize>(flash: &Flash<W, P>, model: &Model, why: &dyn Fn() -> String) {
    let (mut flash, mut model) = look(flash, model, why);
    for step in [Do::Append(u32::MAX - 1, 20), Do::Remove(usize::MAX), Do::Append(u32::MAX, 20)] {
        (flash, model, _) = step_with(&flash, &model, step, usize::MAX);
    }
    let (_, known) = look(&flash, &model, why);
    assert_eq!(known.sure, [u32::MAX], "the queue takes nothing any more; {}", why());
}

/// Appends and removals that go round all pages twice, with records of all lengths.
fn script(page: usize) -> Vec<Do> {
    let (mut steps, mut bytes, mut name) = (Vec::new(), 0, 0);
    while bytes < 2 * PAGES * page {
        for len in [85, 21, 40, 33] {
            name += 1;
            bytes += len + 16;
            steps.push(Do::Append(name, len));
            // Small pages hold two long records each.
            if page > 512 || name % 2 == 0 {
                steps.push(Do::Remove((name % 3) as usize));
            }
        }
    }
    steps.push(Do::Remove(usize::MAX));
    steps
}

/// How far apart cuts are: the first ones, those after each, and those after these.
#[derive(Clone, Copy)]
struct Every {
    first: usize,
    again: usize,
}

fn every_cut<const W: usize, const P: usize>(every: fn(usize) -> Every) {
    ORDERS.into_iter().for_each(|order| every_cut_in::<W, P>(order, every(P)));
}

fn every_cut_in<const W: usize, const P: usize>(order: Order, every: Every) {
    let (mut flash, mut model) = (Flash::<W, P>::new(PAGES, order), Model::default());
    let script = script(P);
    for (at, step) in script.iter().copied().enumerate() {
        let next = script.get(at + 1).copied().unwrap_or(Do::Remove(1));
        for power in (0..).step_by(every.first) {
            let (cut, unsure, was_cut) = step_with(&flash, &model, step, power);
            let why = || format!("words of {W}, pages of {P}, {order:?}, step {at} {step:?}, cut at {power}");
            look(&cut, &unsure, &why);
            if !was_cut {
                break;
            }
            if power % every.again == 0 {
                cut_again(&cut, &unsure, next, every, &why);
            }
        }
        (flash, model, _) = step_with(&flash, &model, step, usize::MAX);
    }
    assert_eq!(model.sure, [0; 0]);
}

/// The power came back and goes again: at once, while the queue mends itself to take a record; and in the next step, after a look.
fn cut_again<const W: usize, const P: usize>(
    cut: &Flash<W, P>,
    model: &Model,
    next: Do,
    every: Every,
    why: &dyn Fn() -> String,
) {
    goes_on(cut, model, why);
    let (mended, known) = look(cut, model, why);
    for (flash, model, step) in [(cut, model, Do::Append(u32::MAX - 2, 50)), (&mended, &known, next)] {
        for power in (0..).step_by(every.again) {
            let (twice, unsure, was_cut) = step_with(flash, model, step, power);
            goes_on(&twice, &unsure, &|| format!("{}, then {step:?} cut at {power}", why()));
            if !was_cut {
                break;
            }
        }
    }
}

/// Steps at random, each with a cut in some of them: a record is lost by no number of cuts.
fn random_cuts<const W: usize, const P: usize>(steps: usize) {
    ORDERS.into_iter().for_each(|order| random_cuts_in::<W, P>(order, steps));
}

fn random_cuts_in<const W: usize, const P: usize>(order: Order, steps: usize) {
    let (mut flash, mut model, mut chance) = (Flash::<W, P>::new(PAGES, order), Model::default(), 7_u64);
    let mut below = |bound: usize| {
        chance = chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (chance >> 33) as usize % bound
    };
    for number in 0..steps {
        let step = match below(5) {
            0..3 => Do::Append(number as u32, 21 + below(65)),
            _ => Do::Remove(below(6)),
        };
        let power = match below(8) {
            0 => below(40),
            1 => below(P + 100),
            _ => usize::MAX,
        };
        let why = || format!("words of {W}, pages of {P}, {order:?}, step {number} {step:?}, cut at {power}");
        let (after, unsure, _) = step_with(&flash, &model, step, power);
        (flash, model) = look(&after, &unsure, &why);
    }
}

fn is_full_run() -> bool {
    std::env::var_os("TIDINGS_BOOTS").is_some()
}

/// Calls a function for every size of word and page, and every order.
macro_rules! each_size {
    ($call:ident $arguments:tt) => {
        each_size!(@pages $call, $arguments, 256 512 1024 2048 4096)
    };
    (@pages $call:ident, $arguments:tt, $($page:literal)*) => {
        $(each_size!(@words $call, $arguments, $page, 1 4 8 16);)*
    };
    (@words $call:ident, $arguments:tt, $page:literal, $($word:literal)*) => {
        $($call::<$word, $page> $arguments;)*
    };
}

#[test]
fn no_cut_loses_what_was_appended() {
    // A normal run leaves gaps in the larger pages only.
    let every = |page: usize| match (is_full_run(), page) {
        (true, 256) => Every { first: 1, again: 7 },
        (true, _) => Every { first: 1, again: page / 8 + 1 },
        (false, 256) => Every { first: 1, again: 29 },
        (false, _) => Every { first: page / 32 + 1, again: page / 2 + 1 },
    };
    each_size!(every_cut(every));
}

#[test]
fn nor_do_many_cuts_at_random() {
    let steps = if is_full_run() { 20_000 } else { 500 };
    each_size!(random_cuts(steps));
}
