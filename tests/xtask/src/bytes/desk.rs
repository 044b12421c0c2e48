//! A device and a host on one desk: the real agent, and answers made by the real codec, with every packet measured.
//!
//! The host trusts each packet and holds nothing but what it still wants; sync is tested elsewhere.

use super::fixture::Sample;
use anyhow::{Context, Result, bail};
use tidings::config::{Config, Profile, UDP};
use tidings::epoch::RamEpoch;
use tidings::{Agent, DeviceId, Keys, KindMask, Memory};
use tidings_wire::cursor::Writer;
use tidings_wire::facts::RawFact;
use tidings_wire::message::{Ack, BootReason, Downlink, Message, Uplink};
use tidings_wire::packet::{Direction, Envelope, Suite, SuiteId, Unique, open, seal};

/// The packet size of the table.
const MTU: usize = 1024;
const PROFILE: Profile = Profile { mtu: MTU as u16, spread_ms: 0, ..UDP };
/// No hold-down: what changed leaves at once. The transport names the device, so its id does not count.
const CONFIG: Config =
    Config::new().profile(PROFILE).hold_down_ms(0).tell_id(false).schema_rev(7).boot(BootReason::SOFTWARE, 3);
/// A host draws it at random; its length is all that counts here.
const NONCE: [u8; 12] = [7; 12];
const INSTANCE: u32 = 0x5eed_c0de;

/// Memory with room for the whole fixture.
pub type Room = Memory<4096, 512>;

/// Both ends of a suite.
#[derive(Clone, Copy)]
pub struct Ends<'a> {
    /// The device's.
    pub device: Keys<'a>,
    /// The host's.
    pub host: &'a dyn Suite,
}

/// The device, and the time on the desk.
pub struct Desk<'a> {
    agent: Agent<'a>,
    host: &'a dyn Suite,
    now_ms: u64,
    want: KindMask,
}

/// What one exchange took, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exchange {
    /// The packet of the device.
    pub up: usize,
    /// The answer.
    pub down: usize,
}

impl<'a> Desk<'a> {
    /// A device that boots into the epoch after `epoch` with these facts.
    pub fn boot(room: &'a mut Room, ends: Ends<'a>, epoch: u32, samples: &[Sample]) -> Result<Self> {
        let id = DeviceId::new(b"desk").context("an id")?;
        let mut agent = Agent::new(CONFIG, id, ends.device, room);
        for group in samples.chunk_by(|one, next| one.kind == next.kind) {
            let mut scan = agent.scan(group[0].kind);
            group.iter().try_for_each(|sample| scan.record(&raw(sample)).map(drop)).context("the facts fit")?;
            scan.finish();
        }
        agent.start(0, &mut RamEpoch::at(epoch)).ok().context("an epoch")?;
        Ok(Self { agent, host: ends.host, now_ms: 3_000, want: KindMask::NONE })
    }

    /// Records a fact.
    pub fn record(&mut self, sample: &Sample) -> Result<()> {
        self.agent.record(&raw(sample)).context("the fact fits")?;
        Ok(())
    }

    /// Waits for the next packet and answers it; `unknown` is what a host says to a Hello that it knows nothing of.
    pub fn exchange(&mut self, unknown: bool) -> Result<Exchange> {
        self.now_ms = self.now_ms.max(self.agent.next_deadline());
        let mut packet = [0; MTU];
        let up = self.agent.poll_transmit(self.now_ms, &mut packet).context("the device has nothing to send")?;
        let mut answer = [0; MTU];
        let down = self.answer(&mut packet[..up], unknown, &mut answer)?;
        self.now_ms += 40;
        self.agent.handle_input(self.now_ms, &mut answer[..down]).context("the answer was refused")?;
        Ok(Exchange { up, down })
    }

    /// True once the host holds everything.
    pub fn is_synced(&self) -> bool {
        self.agent.is_synced()
    }

    fn answer(&mut self, packet: &mut [u8], unknown: bool, out: &mut [u8]) -> Result<usize> {
        let (envelope, body) = open(self.host, Direction::Up, packet).context("a packet of the device")?;
        let Unique::Counter(echo) = envelope.unique else { bail!("an uplink packet without a counter") };
        let applied = match Uplink::read(body).context("a body of the device")?.message {
            Message::Hello(hello) => {
                self.want = if unknown { hello.standing.compared } else { KindMask::NONE };
                hello.standing.seq
            }
            Message::Delta { upto, .. } => upto,
            Message::Beat { seq, .. } => seq,
            Message::Range { as_of, segments } => {
                for segment in segments.into_iter().flatten().filter(|segment| segment.last) {
                    self.want.remove(segment.kind);
                }
                as_of
            }
            other => bail!("unexpected: {other:?}"),
        };
        let ack = Ack { echo, applied, want: self.want, instance: Some(INSTANCE), ..Ack::default() };
        self.write(&envelope, &Downlink::Ack(ack), out).context("room for the answer")
    }

    fn write(&self, asked: &Envelope, body: &Downlink, out: &mut [u8]) -> Option<usize> {
        let unique = if asked.suite == SuiteId::PLAIN { Unique::None } else { Unique::Random(NONCE) };
        let envelope = Envelope { unique, ..*asked };
        let mut writer = Writer::new(out);
        envelope.write(&mut writer);
        let clear = writer.len();
        body.write(&mut writer);
        let body = writer.len() - clear;
        seal(self.host, &envelope, out, clear, body)
    }
}

fn raw(sample: &Sample) -> RawFact<'_> {
    RawFact { kind: sample.kind, key: &sample.key, value: &sample.value }
}
