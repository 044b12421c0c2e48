//! An nRF52840 among embassy's tasks: one task reports, one reads the link, four watch a button each.
//!
//! The loop in `report` only orders the steps; each is bounded, or waits for the link's transmitter. What a fact is stands in `facts.rs`, what belongs to
//! the board in `board.rs`.
#![no_std]
#![no_main]

mod board;
mod facts;

use board::Board;
use cortex_m::peripheral::SCB;
use embassy_executor::{SpawnError, SpawnToken, Spawner};
use embassy_nrf::buffered_uarte::{BufferedUarteRx, BufferedUarteTx};
use embassy_nrf::gpio::Input;
use embassy_nrf::nvmc::Nvmc;
use embassy_sync::blocking_mutex::raw::NoopRawMutex;
use embassy_sync::mutex::Mutex;
use embassy_time::{Duration, Instant, Timer};
use port_kit::factory;
use port_kit::inbox::Inbox;
use port_kit::stack::Stack;
use static_cell::StaticCell;
use tidings::config::{Profile, SERIAL};
use tidings::epoch::NorEpoch;
use tidings::suites::{ChaCha20Poly1305, KeySet};
use tidings::{Agent, Config, Keys, Memory, SerialAsync, event_bytes, fact_bytes};

/// Longest packet, in bytes: what one BLE attribute carries at the largest ATT MTU of 247.
const MTU: usize = 244;
const CONFIG: Config = Config::new().profile(Profile { mtu: MTU as u16, ..SERIAL }).schema_rev(1);
const FACTS: usize = 64 * fact_bytes(16, 32);
const EVENTS: usize = 8 * event_bytes(16, 32);
/// The agent is asked at least so often, whatever it says.
const LONGEST_SLEEP: Duration = Duration::from_secs(3600);
/// A button must stay for so long where it is.
const BOUNCES_MS: u64 = 20;

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
    let boot_reason = facts::boot_reason();
    let Board { reader, writer, flash, buttons, stack } = Board::start();
    let (Ok(key_set), Ok(id), Ok(mut epochs)) = (
        KeySet::from_bytes(factory::KEY_SET),
        factory::device_id(facts::MODEL),
        NorEpoch::new(flash, Board::epoch_offset()),
    ) else {
        SCB::sys_reset()
    };
    let key_set: &'static KeySet = KEYS.init(key_set);
    let suite = SUITE.init(ChaCha20Poly1305::device(key_set));
    let memory = MEMORY.init_with(Memory::new);
    let mut agent = Agent::new(CONFIG.boot(boot_reason, 0), id, Keys::sealed(suite, key_set), memory);
    facts::record(&mut agent, &buttons);
    // A store that fails is tried again by `maintain`; until it works nothing is sent.
    factory::provision_blank(&mut epochs).ok();
    agent.start(Instant::now().as_millis(), &mut epochs).ok();
    let shared = AGENT.init_with(|| Mutex::new(agent));
    start(spawner, receive(reader));
    for (name, button) in buttons {
        start(spawner, watch(shared, name, button));
    }
    report(shared, SerialAsync::new(writer), epochs, stack).await
}

fn start<T>(spawner: Spawner, task: Result<SpawnToken<T>, SpawnError>) {
    task.map_or_else(|_| SCB::sys_reset(), |task| spawner.spawn(task));
}

/// The main loop.
async fn report(
    shared: &'static Shared,
    mut link: SerialAsync<BufferedUarteTx<'static>, MTU>,
    mut epochs: NorEpoch<Nvmc<'static>>,
    stack: Stack,
) -> ! {
    loop {
        let mut agent = shared.lock().await;
        // 1 time comes in
        let now = Instant::now();
        // 2 what interrupts saw: only bytes and edges, which wake their tasks
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
async fn receive(reader: BufferedUarteRx<'static>) -> ! {
    INBOX.fill_from(reader).await
}

/// An application: a button whose position is a setting.
#[embassy_executor::task(pool_size = 4)]
async fn watch(shared: &'static Shared, name: &'static str, mut button: Input<'static>) -> ! {
    let mut pressed = button.is_low();
    loop {
        // Levels, not edges: one that came too early is not missed.
        if pressed {
            button.wait_for_high().await
        } else {
            button.wait_for_low().await
        }
        Timer::after_millis(BOUNCES_MS).await;
        pressed = button.is_low();
        let mut agent = shared.lock().await;
        agent.tick(Instant::now().as_millis());
        agent.record(&facts::button(name, pressed)).ok();
        drop(agent);
        INBOX.signal();
    }
}
