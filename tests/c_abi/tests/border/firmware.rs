//! C firmware in QEMU: the tests of the border with newlib, and the example, whose facts reach a real collector.

use crate::programs::MANY;
use crate::workshop::{archive_of, compiler, done, folder, sources};
use serde_json::Value;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener};
use std::ops::RangeInclusive;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::Duration;
use tidings_c_abi::baremetal::{Board, MICROBIT, MPS2_AN386};
use tidings_c_abi::program::program;
use tidings_c_abi::rooms;
use tidings_c_abi::target::Target;
use tidings_qemu::collector::{self, Collector, Hears};
use tidings_qemu::eventually;
use tidings_qemu::fleet::Fleet;

/// The outer limit, in seconds.
const LIMIT_S: &str = "120";

/// A machine that the tests in C run on: what QEMU calls it, and how the addresses of its code and of its data begin.
struct Machine(&'static str, [&'static str; 2]);

/// A Cortex-M4, which also runs what was built for an M0 or an M3.
const ARMV7: Machine = Machine("mps2-an386", ["0x0", "0x2000"]);
/// A Cortex-M33, all of it secure, which also runs what was built for an M23.
const ARMV8: Machine = Machine("mps2-an505", ["0x1", "0x3800"]);

impl Machine {
    /// The example's linker script, for where this machine has its memory.
    fn script(&self, folder: &Path) -> PathBuf {
        let text = std::fs::read_to_string(example("mps2-an386.ld")).expect("the script is there");
        let moved = ARMV7.1.iter().zip(self.1).fold(text, |text, (from, to)| {
            assert!(text.contains(&format!("ORIGIN = {from}")), "the script is another: {text}");
            text.replace(&format!("ORIGIN = {from}"), &format!("ORIGIN = {to}"))
        });
        let script = folder.join("machine.ld");
        std::fs::write(&script, moved).expect("ours");
        script
    }
}

fn qemu(machine: &Machine, image: &Path) -> Command {
    let mut qemu = Command::new("timeout");
    qemu.args(["--kill-after=5", LIMIT_S, "qemu-system-arm", "-machine", machine.0]);
    qemu.args(["-display", "none", "-monitor", "none"]);
    qemu.arg("-kernel").arg(image).stdin(Stdio::null());
    qemu
}

fn example(file: &str) -> PathBuf {
    rooms::root().join("examples/c-baremetal").join(file)
}

/// The tests in `tests/c_abi/c` as firmware.
fn tests_hold_on(target: &str, machine: &Machine) {
    let here = folder();
    let target = Target::named(target).expect("it is in the list");
    let mut gcc = compiler(target.compiler(), here.path());
    gcc.args(target.flags).args(["-std=c11", "-Os", "-c"]);
    done(gcc.args(sources("tests/c_abi/c")));
    let mut gcc = compiler(target.compiler(), here.path());
    gcc.args(target.flags).args([
        "-std=c11",
        "-Os",
        "-DHAS_LIBC",
        "-nostartfiles",
        "--specs=rdimon.specs",
        "-o",
        "firmware.elf",
    ]);
    gcc.arg(example("startup.c"))
        .args(sources("examples/c-baremetal/semihosting"))
        .arg(format!("-Wl,-T,{}", machine.script(here.path()).display()));
    let objects = std::fs::read_dir(here.path()).expect("ours").flatten().map(|entry| entry.path());
    gcc.args(objects.filter(|path| path.extension().is_some_and(|e| e == "o"))).arg(archive_of(&target));
    done(&mut gcc);
    let printed =
        done(qemu(machine, &here.path().join("firmware.elf")).args(["-semihosting-config", "enable=on,target=native"]));
    let count =
        printed.lines().last().and_then(|line| line.strip_suffix(" checks hold, 0 do not")?.parse::<u32>().ok());
    assert!(count.is_some_and(|count| count > MANY), "{printed}");
}

#[test]
fn tests_hold_on_a_cortex_m0s_archive() {
    tests_hold_on("thumbv6m-none-eabi", &ARMV7);
}

#[test]
fn tests_hold_on_a_cortex_m3s_archive() {
    tests_hold_on("thumbv7m-none-eabi", &ARMV7);
}

#[test]
fn tests_hold_on_a_cortex_m4s_archive() {
    tests_hold_on("thumbv7em-none-eabi", &ARMV7);
}

#[test]
fn tests_hold_on_a_cortex_m23s_archive() {
    tests_hold_on("thumbv8m.base-none-eabi", &ARMV8);
}

#[test]
fn tests_hold_on_a_cortex_m33s_archive() {
    tests_hold_on("thumbv8m.main-none-eabi", &ARMV8);
}

/// A first Hello comes within 2 s of the start; a busy machine gets more.
const SPEAKS_WITHIN: Duration = Duration::from_secs(10);

/// Where the buttons of a micro:bit are.
const A: u32 = 17;
const B: u32 = 26;

/// Where the micro:bit keeps its epochs, and how long one of the two pages is.
const EPOCH_PAGES: &str = "0x3f800";
const PAGE: usize = 1024;

/// QEMU, which ends with the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The keys of the example, from the fleet of this run, derived once.
fn keys() -> &'static Path {
    static KEYS: OnceLock<PathBuf> = OnceLock::new();
    KEYS.get_or_init(|| {
        let fleet = Fleet::of_this_run();
        let keys = fleet.folder().join("c-baremetal.bin");
        let mut derive = program(&collector::program().to_string_lossy(), fleet.folder());
        derive.args(["keys", "derive", "c-baremetal", "--form", "bin", "--output"]).arg(&keys).arg("--keys");
        done(derive.arg(fleet.key_file()));
        keys
    })
}

fn start(board: &Board, image: &Path, folder: &Path, keys: Option<&Path>, uarts: &[String]) -> Running {
    let mut qemu = board.emulator(image, folder, keys);
    qemu.args(uarts.iter().flat_map(|uart| ["-serial", uart])).stdin(Stdio::null());
    Running(qemu.spawn().expect("qemu-system-arm is installed: cargo xtask setup"))
}

fn to(address: SocketAddr) -> String {
    format!("tcp:{address}")
}

/// The changes of a kind that the collector logged.
fn of_kind(collector: &Collector, kind: &str) -> Vec<Value> {
    collector.changes(0).into_iter().filter(|change| change["kind"] == kind).collect()
}

/// Its first facts, and a second sample of what its timer posts.
fn tells_what_is(collector: &Collector) {
    eventually("a second sample from the timer", || (of_kind(collector, "health").len() >= 2).then_some(()));
    let image = &of_kind(collector, "software")[0];
    assert_eq!((&image["device"], &image["value"]["version"]), (&"c-baremetal".into(), &"1.4.2".into()));
    let account = &of_kind(collector, "account")[0];
    assert_eq!(account["key"]["account"]["name"], "admin", "{account}");
}

#[test]
fn the_bare_example_seals_and_tells_of_keys_pressed() {
    let here = folder();
    let factory = MPS2_AN386.build(here.path(), &["-DFACTORY_FLOOR=0"]).expect("it builds");
    let collector = Collector::start(Hears::SealedOnly);
    let console = TcpListener::bind("127.0.0.1:0").expect("a port");
    let uarts = [to(collector.address()), to(console.local_addr().expect("an address"))];
    let board = start(&MPS2_AN386, &factory, here.path(), Some(keys()), &uarts);
    let (mut typed, _) = console.accept().expect("the emulator connects");
    tells_what_is(&collector);
    typed.write_all(b"t").expect("it runs");
    let telnet = || of_kind(&collector, "setting").pop().filter(|change| change["op"] == "changed");
    let opened = eventually("telnet", telnet);
    assert!(opened["value"].to_string().contains("true"), "{opened}");
    typed.write_all(b"c").expect("it runs");
    eventually("tamper", || collector.events().into_iter().find(|event| event.to_string().contains("tamper")));
    drop((typed, board));

    // The image for the field writes no first epoch: it goes on where the factory's ended.
    let field = MPS2_AN386.build(here.path(), &[]).expect("it builds");
    let epoch = || collector.devices().first().and_then(|row| row["epoch"].as_u64());
    let at_the_factory = epoch().expect("it was heard");
    let _board = start(&MPS2_AN386, &field, here.path(), Some(keys()), &uarts);
    eventually("the next epoch", || epoch().filter(|epoch| *epoch == at_the_factory + 1));
}

#[test]
fn without_keys_or_without_an_epoch_the_bare_example_says_nothing() {
    let here = folder();
    let wire = TcpListener::bind("127.0.0.1:0").expect("a port");
    wire.set_nonblocking(true).expect("it can be");
    let heard = |image: &Path, keys: Option<&Path>| {
        let _board = start(&MPS2_AN386, image, here.path(), keys, &[to(wire.local_addr().expect("an address"))]);
        let mut line = eventually("the emulator", || wire.accept().ok()).0;
        line.set_read_timeout(Some(SPEAKS_WITHIN)).expect("it can be");
        line.set_nonblocking(false).expect("it can be");
        line.read(&mut [0]).is_ok_and(|bytes| bytes > 0)
    };
    let [field, factory] = [vec![], vec!["-DFACTORY_FLOOR=0"]].map(|options| {
        let into = here.path().join(options.len().to_string());
        std::fs::create_dir(&into).expect("ours");
        MPS2_AN386.build(&into, &options).expect("it builds")
    });
    assert!(!heard(&field, Some(keys())), "keys, but nobody provisioned it");
    assert!(!heard(&factory, None), "an erased page is no key");
    assert!(heard(&factory, Some(keys())), "with both it speaks in time");
}

/// Pulls the pin of a button of the micro:bit low or lets go of it.
fn hold(pins: &mut UnixStream, pin: u32, pressed: bool) {
    let level = u8::from(!pressed);
    writeln!(pins, "set_irq_in /machine/nrf51 unnamed-gpio-in {pin} {level}").expect("it runs");
    let mut answer = String::new();
    BufReader::new(&*pins).read_line(&mut answer).expect("it answers");
    assert_eq!(answer.trim(), "OK");
}

#[test]
fn the_bare_example_runs_on_a_microbit_and_tells_of_its_buttons() {
    let here = folder();
    let image = MICROBIT.build(here.path(), &["-DFACTORY_FLOOR=0"]).expect("it builds");
    let collector = Collector::start(Hears::SealedOnly);
    let socket = here.path().join("pins");
    let pins = UnixListener::bind(&socket).expect("the folder is ours");
    let mut qemu = MICROBIT.emulator(&image, here.path(), Some(keys()));
    qemu.arg("-qtest").arg(format!("unix:{}", socket.display())).args(["-qtest-log", "none"]);
    qemu.args(["-serial", &to(collector.address())]).stdin(Stdio::null());
    let _board = Running(qemu.spawn().expect("qemu-system-arm is installed: cargo xtask setup"));
    let (mut pins, _) = pins.accept().expect("the emulator connects");
    [A, B].iter().for_each(|button| hold(&mut pins, *button, false));
    tells_what_is(&collector);
    let telnet = || of_kind(&collector, "setting").pop().filter(|change| change["op"] == "changed");
    assert!(telnet().is_none() && collector.events().iter().all(|event| event["kind"] != "tamper"), "nobody pressed");
    [A, B].iter().for_each(|button| hold(&mut pins, *button, true));
    assert!(eventually("telnet", telnet)["value"].to_string().contains("true"));
    eventually("tamper", || collector.events().into_iter().find(|event| event.to_string().contains("tamper")));
}

/// The slots of a page of epochs: each number with its complement.
fn slots(epochs: RangeInclusive<u32>) -> Vec<u8> {
    epochs.flat_map(|epoch| [epoch.to_le_bytes(), (!epoch).to_le_bytes()].concat()).collect()
}

/// Flash with these two pages; the rest is blank.
fn flash(pages: [Vec<u8>; 2]) -> Vec<u8> {
    let whole = pages.into_iter().map(|mut page| {
        page.resize(PAGE, u8::MAX);
        page
    });
    whole.flatten().collect()
}

#[test]
fn the_microbits_epoch_passes_over_torn_slots_and_goes_on_in_the_other_page() {
    let here = folder();
    let image = MICROBIT.build(here.path(), &[]).expect("it builds");
    let collector = Collector::start(Hears::SealedOnly);
    let torn = [slots(1..=10), 11_u32.to_le_bytes().to_vec()].concat();
    let histories = [
        (flash([torn, vec![]]), 11),
        (flash([slots(21..=148), vec![]]), 149),
        (flash([slots(201..=328), slots(329..=456)]), 457),
        (flash([slots(713..=840), slots(585..=712)]), 841),
    ];
    for (flash, next) in histories {
        let file = here.path().join("epochs");
        std::fs::write(&file, flash).expect("ours");
        let mut qemu = MICROBIT.emulator(&image, here.path(), Some(keys()));
        qemu.arg("-device").arg(format!("loader,file={},addr={EPOCH_PAGES},force-raw=on", file.display()));
        qemu.args(["-serial", &to(collector.address())]).stdin(Stdio::null());
        let _board = Running(qemu.spawn().expect("qemu-system-arm is installed: cargo xtask setup"));
        let epoch = || collector.devices().first().and_then(|row| row["epoch"].as_u64());
        eventually("the next epoch", || epoch().filter(|epoch| *epoch == next));
    }
}

#[test]
fn the_bare_example_speaks_plain_where_it_is_asked_to() {
    let here = folder();
    let image = MICROBIT.build(here.path(), &["-DPLAIN"]).expect("it builds");
    let collector = Collector::start(Hears::Plain);
    let _board = start(&MICROBIT, &image, here.path(), None, &[to(collector.address())]);
    tells_what_is(&collector);
}
