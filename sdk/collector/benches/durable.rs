//! How many changes a second a running collector makes durable, and how long a change takes to the collector's line.
//!
//! Real process, real sockets, real disk: 1,000 devices on a few connections, distinct one-fact deltas, each with a digest that is checked.
//! The throughput is without lines on standard output (`--quiet`); the latency is to that line.
//! Numbers are printed, not judged: they depend on the machine and its disk. Run with `cargo bench -p tidings-collector --bench durable`.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use tidings_wire::cobs::Encoder;
use tidings_wire::cursor::Writer;
use tidings_wire::message::{Hello, Standing, head};
use tidings_wire::packet::{self, Envelope, Plain, SuiteId, Unique};
use tidings_wire::record::{Record, Told};
use tidings_wire::{Digest, DigestKey, Kind, KindMask, digest};

const DEVICES: u32 = 1_000;
const DELTAS_A_DEVICE: u32 = 200;
/// Divides the number of devices.
const CONNECTIONS: usize = 40;
/// Of each device on a connection of its own.
const LONE_DELTAS: usize = 20;
const LATENCY_CHANGES: usize = 1_000;
const KEY: DigestKey = DigestKey([0; 16]);

fn main() {
    // `cargo test` builds benches too, and asks for a list.
    if std::env::args().any(|argument| argument == "--list") {
        return;
    }
    let load = Load::new();
    load.measure_durable();
    load.measure_lone_devices();
    measure_latency();
}

fn tell(what: &str, count: u64, took: Duration) {
    println!(
        "{what:<44} {:>12.0} per second   ({count} in {:.2} s)",
        count as f64 / took.as_secs_f64(),
        took.as_secs_f64()
    );
}

/// One device that makes its packets.
struct Device {
    id: [u8; 4],
    ctr: u64,
    seq: u32,
    total: Digest,
}

impl Device {
    fn new(number: u32) -> Self {
        Self { id: number.to_be_bytes(), ctr: 0, seq: 0, total: Digest::default() }
    }

    fn hello(&mut self) -> Vec<u8> {
        let standing = Standing { compared: KindMask::of(Kind::SOFTWARE), ..Standing::default() };
        self.seal(|out| Hello { standing, ..Hello::default() }.write(out))
    }

    /// A fact that is not held yet, as a Delta of its own.
    fn delta(&mut self) -> Vec<u8> {
        let name = format!("package-{:05}", self.seq);
        let key = [&[2, name.len() as u8], name.as_bytes(), b"\x05arm64"].concat();
        let value = [&[5], &b"1.2.3"[..]].concat();
        self.total.add(digest::hash(&KEY, Kind::SOFTWARE, &key, &value));
        self.seq += 1;
        let (base, short) = (self.seq - 1, self.total.short());
        self.seal(|out| {
            out.u8(head::DELTA | head::DIGEST);
            out.u32(base);
            out.u32(1);
            out.raw(&short.to_le_bytes());
            let told = Some(Told { age_ms: 3, count: 1 });
            Record { kind: Kind::SOFTWARE, key: &key, value: Some(&value), told }.write(out);
        })
    }

    fn seal(&mut self, body: impl FnOnce(&mut Writer<'_>)) -> Vec<u8> {
        let unique = Unique::Counter(self.ctr);
        self.ctr += 1;
        let envelope = Envelope { suite: SuiteId::PLAIN, kid: None, id: Some(&self.id), epoch: 1, unique };
        let mut buffer = [0; 256];
        let mut out = Writer::new(&mut buffer);
        envelope.write(&mut out);
        let clear = out.len();
        body(&mut out);
        let body = out.len() - clear;
        let len = packet::seal(&Plain, &envelope, &mut buffer, clear, body).expect("fits");
        buffer[..len].to_vec()
    }
}

/// The packets of all devices, in turn.
struct Load {
    hellos: Vec<Vec<u8>>,
    deltas: Vec<Vec<u8>>,
}

impl Load {
    fn new() -> Self {
        let mut devices: Vec<_> = (0..DEVICES).map(Device::new).collect();
        let hellos = devices.iter_mut().map(Device::hello).collect();
        let mut deltas = Vec::new();
        for _ in 0..DELTAS_A_DEVICE {
            deltas.extend(devices.iter_mut().map(Device::delta));
        }
        Self { hellos, deltas }
    }

    /// Each connection carries its share of the devices, as gateways do.
    fn measure_durable(&self) {
        let collector = Collector::start(&["--quiet"]);
        let mut streams: Vec<_> =
            (0..CONNECTIONS).map(|_| TcpStream::connect(&collector.address).expect("a collector")).collect();
        let share = |packets: &[Vec<u8>], n: usize| -> Vec<u8> {
            packets.iter().skip(n).step_by(CONNECTIONS).flat_map(|packet| framed(packet)).collect()
        };
        exchange(&mut streams, |n| share(&self.hellos, n), self.hellos.len() / CONNECTIONS);
        let (began, busy) = (Instant::now(), collector.processor_time());
        exchange(&mut streams, |n| share(&self.deltas, n), self.deltas.len() / CONNECTIONS);
        tell("durably committed and answered, over TCP", self.deltas.len() as u64, began.elapsed());
        tell("the same, by processor time of all threads", self.deltas.len() as u64, collector.processor_time() - busy);
    }

    /// Each device has a connection of its own, and sends its next change when the one before is answered.
    fn measure_lone_devices(&self) {
        let collector = Collector::start(&["--quiet"]);
        let mut streams: Vec<_> =
            (0..DEVICES).map(|_| TcpStream::connect(&collector.address).expect("a collector")).collect();
        take_turns(&mut streams, &self.hellos);
        let (changes, (began, busy)) = (DEVICES as usize * LONE_DELTAS, (Instant::now(), collector.processor_time()));
        take_turns(&mut streams, &self.deltas[..changes]);
        tell("one change at a time on 1,000 connections", changes as u64, began.elapsed());
        tell("the same, by processor time of all threads", changes as u64, collector.processor_time() - busy);
    }
}

/// One packet a stream and turn, each turn when all of the one before are answered.
fn take_turns(streams: &mut [TcpStream], packets: &[Vec<u8>]) {
    let mut answer = [0; 256];
    for turn in packets.chunks(streams.len()) {
        for (stream, packet) in streams.iter_mut().zip(turn) {
            send(stream, [packet].into_iter());
        }
        for stream in streams.iter_mut() {
            let mut zeros = 0;
            while zeros < 2 {
                let read = stream.read(&mut answer).expect("an answer");
                assert_ne!(read, 0, "the collector ended");
                zeros += answer[..read].iter().filter(|byte| **byte == 0).count();
            }
        }
    }
}

/// Sends on all streams, and ends when as many frames have come on each as packets were sent: each answer stands for a packet that is on the disk.
fn exchange(streams: &mut [TcpStream], bytes: impl Fn(usize) -> Vec<u8>, packets: usize) {
    thread::scope(|scope| {
        for (n, stream) in streams.iter_mut().enumerate() {
            let (bytes, answers) = (bytes(n), stream.try_clone().expect("a clone"));
            scope.spawn(move || stream.write_all(&bytes).expect("sent"));
            scope.spawn(move || count_answers(answers, packets));
        }
    });
}

fn framed(packet: &[u8]) -> impl Iterator<Item = u8> {
    let mut encoder = Encoder::new();
    std::iter::from_fn(move || encoder.next(packet))
}

fn send<'a>(stream: &mut TcpStream, packets: impl Iterator<Item = &'a Vec<u8>>) {
    let bytes: Vec<u8> = packets.flat_map(|packet| framed(packet)).collect();
    stream.write_all(&bytes).expect("sent");
}

fn count_answers(mut stream: TcpStream, expected: usize) {
    let (mut zeros, mut bytes) = (0, vec![0; 64 * 1024]);
    while zeros < expected * 2 {
        let read = stream.read(&mut bytes).expect("answers");
        assert_ne!(read, 0, "the collector ended");
        zeros += bytes[..read].iter().filter(|byte| **byte == 0).count();
    }
}

/// From the moment before the packet is sent to the moment at which the collector's line is read.
fn measure_latency() {
    let mut collector = Collector::start(&["--json"]);
    let mut stream = TcpStream::connect(&collector.address).expect("a collector");
    stream.set_nodelay(true).expect("nodelay");
    let mut lines = BufReader::new(collector.child.stdout.take().expect("a pipe")).lines();
    let mut device = Device::new(7);
    send(&mut stream, [&device.hello()].into_iter());
    lines.next().expect("a line").expect("text");
    let mut took: Vec<Duration> = (0..LATENCY_CHANGES)
        .map(|_| {
            let delta = device.delta();
            let began = Instant::now();
            send(&mut stream, [&delta].into_iter());
            lines.next().expect("a line").expect("text");
            began.elapsed()
        })
        .collect();
    took.sort();
    println!("from a change to its line: median {:?}, maximum {:?}", took[took.len() / 2], took[took.len() - 1]);
}

/// A collector on a database of its own.
struct Collector {
    child: Child,
    address: String,
    _folder: tempfile::TempDir,
}

impl Collector {
    fn start(arguments: &[&str]) -> Self {
        let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
        let mut command = Command::new(env!("CARGO_BIN_EXE_tidings-collector"));
        command.args(["run", "--listen-tcp", "0", "--db"]).arg(folder.path().join("tidings.db")).args(arguments);
        let out = if arguments.contains(&"--quiet") { Stdio::null() } else { Stdio::piped() };
        let mut child = command.stdout(out).stderr(Stdio::piped()).spawn().expect("it starts");
        let mut errors = BufReader::new(child.stderr.take().expect("a pipe")).lines().map_while(Result::ok);
        let line = errors.find(|line| line.contains("listening on tcp")).expect("it listens");
        thread::spawn(move || errors.for_each(|line| eprintln!("{line}")));
        Self { child, address: line.rsplit(' ').next().expect("an address").to_owned(), _folder: folder }
    }
}

impl Collector {
    /// What its threads have run so far: on a machine that does other things too, the truer measure of one core.
    fn processor_time(&self) -> Duration {
        let tasks = std::fs::read_dir(format!("/proc/{}/task", self.child.id())).expect("tasks");
        let run = |task: std::io::Result<std::fs::DirEntry>| -> Option<u64> {
            std::fs::read_to_string(task.ok()?.path().join("schedstat")).ok()?.split(' ').next()?.parse().ok()
        };
        Duration::from_nanos(tasks.filter_map(run).sum())
    }
}

impl Drop for Collector {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
