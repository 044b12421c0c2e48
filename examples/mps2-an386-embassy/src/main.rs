//! The agent among async tasks: one task reports, others read the link, serve a console and settle a button.
//!
//! The loop in `report` only orders the steps; each is bounded, or waits for the link's transmitter. What a fact is stands in `facts.rs`, what a register
//! does in the files of the hardware.
#![no_std]
#![no_main]

mod board;
mod button;
mod facts;
mod register;
mod serial;
mod time;

use board::Board;
use cortex_m::peripheral::SCB;
use defmt_semihosting as _;
use embassy_executor::{SpawnError, SpawnToken, Spawner};
use embassy_sync::blocking_mutex::raw::NoopRawMutex;
use embassy_sync::mutex::Mutex;
use embassy_time::{Duration, Instant, Timer};
use port_kit::check;
use port_kit::console::{Console, Wish};
use port_kit::factory;
use port_kit::host_flash::HostFlash;
use port_kit::inbox::Inbox;
use port_kit::stack::Stack;
use serial::{CONSOLE, LINK, LinkReader, LinkWriter};
use static_cell::StaticCell;
use tidings::config::SERIAL;
use tidings::epoch::NorEpoch;
use tidings::suites::{ChaCha20Poly1305, KeySet};
use tidings::wire::message::BootReason;
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

defmt::timestamp!("{=u64:us}", Instant::now().as_micros());

/// What the task that reports waits for.
static INBOX: Inbox<256> = Inbox::new();

#[embassy_executor::main]
async fn main(spawner: Spawner) -> ! {
    static KEYS: StaticCell<KeySet> = StaticCell::new();
    static SUITE: StaticCell<ChaCha20Poly1305<'static>> = StaticCell::new();
    static MEMORY: StaticCell<Memory<FACTS, EVENTS>> = StaticCell::new();
    static AGENT: StaticCell<Shared> = StaticCell::new();
    let (Some(Board { reader, writer, epoch_pages, stack }), Ok(key_set), Ok(id)) =
        (Board::take(), KeySet::from_bytes(factory::KEY_SET), factory::device_id(facts::DEVICE))
    else {
        SCB::sys_reset()
    };
    let Ok(mut epochs) = NorEpoch::new(epoch_pages, 0) else { SCB::sys_reset() };
    if cfg!(feature = "port-check") {
        check::run(&LINK, || Instant::now().as_millis(), &mut epochs, &stack);
    }
    let key_set: &'static KeySet = KEYS.init(key_set);
    let suite = SUITE.init(ChaCha20Poly1305::device(key_set));
    let memory = MEMORY.init_with(Memory::new);
    let config = CONFIG.boot(BootReason::UNKNOWN, 0);
    let mut agent = Agent::new(config, id, Keys::sealed(suite, key_set), memory);
    facts::record(&mut agent);
    // A store that fails is tried again by `maintain`; until it works nothing is sent.
    factory::provision_blank(&mut epochs).ok();
    agent.start(Instant::now().as_millis(), &mut epochs).ok();
    defmt::info!("{=str} starts, epoch {=u32}", facts::MODEL, agent.epoch());
    let shared = AGENT.init_with(|| Mutex::new(agent));
    start(spawner, receive(reader));
    start(spawner, converse(shared));
    start(spawner, button::settle());
    report(shared, SerialAsync::new(writer), epochs, stack).await
}

fn start<T>(spawner: Spawner, task: Result<SpawnToken<T>, SpawnError>) {
    task.map_or_else(|_| SCB::sys_reset(), |task| spawner.spawn(task));
}

/// The main loop.
async fn report(
    shared: &'static Shared,
    mut link: SerialAsync<LinkWriter, MTU>,
    mut epochs: NorEpoch<HostFlash>,
    stack: Stack,
) -> ! {
    let mut had_everything = false;
    loop {
        let mut agent = shared.lock().await;
        // 1 time comes in
        let now = Instant::now();
        // 2 what interrupts saw
        agent.drain(now.as_millis(), &button::SEEN);
        // 3 bytes in, bytes out
        INBOX.empty_into(|bytes| link.received(&mut agent, now.as_millis(), bytes));
        let Ok(()) = link.transmit(&mut agent, now.as_millis()).await;
        // 4 the epoch, if the collector knows a newer one
        agent.maintain(now.as_millis(), &mut epochs).ok();
        // 5 when to come back
        let is_synced = agent.is_synced();
        if is_synced {
            agent.record(&stack.fact()).ok();
        }
        if is_synced && !had_everything {
            defmt::info!("the collector has everything");
            had_everything = true;
        }
        let deadline = Instant::from_millis(agent.next_deadline().min((now + LONGEST_SLEEP).as_millis()));
        drop(agent);
        INBOX.news_or(Timer::at(deadline)).await;
    }
}

/// Reads the link.
#[embassy_executor::task]
async fn receive(reader: LinkReader) -> ! {
    INBOX.fill_from(reader).await
}

/// An application: a person at the console.
#[embassy_executor::task]
async fn converse(shared: &'static Shared) -> ! {
    let mut console = Console::new(&CONSOLE);
    console.greet();
    loop {
        serial::typed().await;
        let mut agent = shared.lock().await;
        agent.tick(Instant::now().as_millis());
        if console.serve(&mut agent) == Wish::Reset {
            defmt::warn!("reset from the console");
            SCB::sys_reset();
        }
        drop(agent);
        INBOX.signal();
    }
}
