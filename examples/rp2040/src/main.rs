//! A Raspberry Pi Pico among embassy's tasks: one task reports, one reads the link, one serves a console.
//!
//! The loop in `report` only orders the steps; each is bounded, or waits for the link's transmitter. What a fact is stands in `facts.rs`, what belongs to
//! the board in `board.rs`.
#![no_std]
#![no_main]

mod board;
mod facts;

use board::{Board, BoardFlash};
use cortex_m::peripheral::SCB;
use embassy_executor::{SpawnError, SpawnToken, Spawner};
use embassy_rp::uart::{BufferedUart, BufferedUartRx, BufferedUartTx};
use embassy_sync::blocking_mutex::raw::NoopRawMutex;
use embassy_sync::mutex::Mutex;
use embassy_time::{Duration, Instant, Timer};
use embedded_io_async::BufRead;
use port_kit::check;
use port_kit::console::{Console, Wish};
use port_kit::factory;
use port_kit::inbox::Inbox;
use port_kit::stack::Stack;
use static_cell::StaticCell;
use tidings::config::SERIAL;
use tidings::epoch::NorEpoch;
use tidings::suites::{ChaCha20Poly1305, KeySet};
use tidings::{Agent, Config, Keys, Memory, SerialAsync, event_bytes, fact_bytes};

const CONFIG: Config = Config::new().profile(SERIAL).schema_rev(1);
/// Longest packet, in bytes.
const MTU: usize = SERIAL.mtu as usize;
const FACTS: usize = 64 * fact_bytes(16, 32);
const EVENTS: usize = 8 * event_bytes(16, 32);
/// The agent is asked at least so often, whatever it says.
const LONGEST_SLEEP: Duration = Duration::from_secs(3600);
/// The agent as its tasks share it. Whoever changes something signals [`INBOX`].
type Shared = Mutex<NoopRawMutex, Agent<'static>>;

/// What the task that reports waits for.
static INBOX: Inbox<256> = Inbox::new();

#[embassy_executor::main]
async fn main(spawner: Spawner) -> ! {
    static KEYS: StaticCell<KeySet> = StaticCell::new();
    static SUITE: StaticCell<ChaCha20Poly1305<'static>> = StaticCell::new();
    static MEMORY: StaticCell<Memory<FACTS, EVENTS>> = StaticCell::new();
    static AGENT: StaticCell<Shared> = StaticCell::new();
    let Board { link, console, flash, reset_reason, stack } = Board::start();
    let (Ok(key_set), Ok(id), Ok(mut epochs)) = (
        KeySet::from_bytes(factory::KEY_SET),
        factory::device_id(facts::MODEL),
        NorEpoch::new(flash, Board::epoch_offset()),
    ) else {
        SCB::sys_reset()
    };
    if cfg!(feature = "port-check") {
        check::run(link, || Instant::now().as_millis(), &mut epochs, &stack);
    }
    let (writer, reader) = link.split();
    let key_set: &'static KeySet = KEYS.init(key_set);
    let suite = SUITE.init(ChaCha20Poly1305::device(key_set));
    let memory = MEMORY.init_with(Memory::new);
    let config = CONFIG.boot(facts::boot_reason(reset_reason), 0);
    let mut agent = Agent::new(config, id, Keys::sealed(suite, key_set), memory);
    facts::record(&mut agent);
    // A store that fails is tried again by `maintain`; until it works nothing is sent.
    factory::provision_blank(&mut epochs).ok();
    agent.start(Instant::now().as_millis(), &mut epochs).ok();
    let shared = AGENT.init_with(|| Mutex::new(agent));
    start(spawner, receive(reader));
    start(spawner, converse(shared, console));
    report(shared, SerialAsync::new(writer), epochs, stack).await
}

fn start<T>(spawner: Spawner, task: Result<SpawnToken<T>, SpawnError>) {
    task.map_or_else(|_| SCB::sys_reset(), |task| spawner.spawn(task));
}

/// The main loop.
async fn report(
    shared: &'static Shared,
    mut link: SerialAsync<BufferedUartTx, MTU>,
    mut epochs: NorEpoch<BoardFlash>,
    stack: Stack,
) -> ! {
    loop {
        let mut agent = shared.lock().await;
        // 1 time comes in
        let now = Instant::now();
        // 2 what interrupts saw: only bytes, which wake their tasks
        // 3 bytes in, bytes out
        INBOX.empty_into(|bytes| link.received(&mut agent, now.as_millis(), bytes));
        // A transmitter that failed lost a frame, which is sent again.
        link.transmit(&mut agent, now.as_millis()).await.ok();
        // 4 the epoch, if the collector knows a newer one
        agent.maintain(now.as_millis(), &mut epochs).ok();
        // 5 when to come back
        if agent.is_synced() {
            agent.record(&stack.fact()).ok();
        }
        let deadline = Instant::from_millis(agent.next_deadline().min((now + LONGEST_SLEEP).as_millis()));
        drop(agent);
        INBOX.news_or(Timer::at(deadline)).await;
    }
}

/// Reads the link.
#[embassy_executor::task]
async fn receive(reader: BufferedUartRx) -> ! {
    INBOX.fill_from(reader).await
}

/// An application: a person at the console.
#[embassy_executor::task]
async fn converse(shared: &'static Shared, console: BufferedUart) -> ! {
    let mut console = Console::new(console);
    console.greet();
    loop {
        // What the UART lost is lost.
        console.terminal().fill_buf().await.ok();
        let mut agent = shared.lock().await;
        agent.tick(Instant::now().as_millis());
        if console.serve(&mut agent) == Wish::Reset {
            SCB::sys_reset();
        }
        drop(agent);
        INBOX.signal();
    }
}
