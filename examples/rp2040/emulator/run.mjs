// Runs an image for the RP2040 in rp2040js: `node run.mjs --link ADDRESS [--console ADDRESS] [--flash FILE] --kernel ELF`.
//
// Promise: UART0 is joined to the link and UART1 to the console, each a HOST:PORT or the path of a socket to connect to; without a console it is this
// terminal. Time is that of this machine, in which the core works as fast as it is emulated, up to 125 MHz. Flash outlives the emulator in a file. Not
// here: the second core, USB.
import { createConnection } from "node:net";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { ConsoleLogger, LogLevel, RP2040 } from "rp2040js";
import { loadImage } from "./elf.mjs";
import { installBootRom } from "./bootrom.mjs";
import { correctUart } from "./uart.mjs";

const CYCLE_NS = 1e9 / 125e6;
const INSTRUCTIONS_A_SLICE = 20_000;
const VECTORS = 0x10000100;

const { values: options } = parseArgs({
  options: { link: { type: "string" }, console: { type: "string" }, flash: { type: "string" }, kernel: { type: "string" } },
});

const chip = new RP2040();
chip.logger = new ConsoleLogger(LogLevel.Error, true);
chip.flash.fill(0xff);
if (options.flash && existsSync(options.flash)) chip.flash.set(readFileSync(options.flash));
loadImage(chip.flash, readFileSync(options.kernel));
installBootRom(chip, () => options.flash && writeFileSync(options.flash, chip.flash));

const addresses = [options.link, options.console];
const streams = await Promise.all(addresses.map((address) => (address ? connect(address) : undefined)));
const waiting = streams.map((stream, index) => join(chip.uart[index], stream));
start();
setImmediate(run, performance.now());

function connect(address) {
  const [host, port] = address.split(":");
  return new Promise((resolve, reject) => {
    const stream = port ? createConnection(Number(port), host) : createConnection(address);
    stream.setNoDelay?.(true);
    stream.once("connect", () => resolve(stream)).once("error", reject);
  });
}

/** Joins a UART to a stream; gives the bytes that wait for the UART. */
function join(uart, stream) {
  const bytes = [];
  const input = stream ?? process.stdin;
  const output = stream ?? process.stdout;
  correctUart(uart, (byte) => output.write(Uint8Array.of(byte)));
  input.on("data", (data) => bytes.push(...data));
  input.on("close", () => stream && process.exit(0));
  return bytes;
}

/** The second stage of the boot, which sets up the flash's pins, has nothing to do here. */
function start() {
  chip.core.VTOR = VECTORS;
  chip.core.SP = chip.readUint32(VECTORS);
  chip.core.PC = chip.readUint32(VECTORS + 4) & ~1;
}

/** Runs for a while, and then lets the streams have their turn. `begun` is when the chip's time was 0. */
function run(begun) {
  chip.uart.forEach((uart, index) => feed(uart, waiting[index]));
  for (let count = 0; count < INSTRUCTIONS_A_SLICE && !chip.core.waiting; count++) {
    chip.clock.tick(chip.core.executeInstruction() * CYCLE_NS);
  }
  const behind = (performance.now() - begun) * 1e6 - chip.clock.nanos;
  if (behind > 0) chip.clock.tick(chip.core.waiting ? Math.min(chip.clock.nanosToNextAlarm || behind, behind) : behind);
  if (chip.core.waiting && behind <= 0) setTimeout(run, 1, begun);
  else setImmediate(run, begun);
}

/** A full FIFO takes no byte, and would lose it. */
function feed(uart, bytes) {
  while (bytes.length > 0 && !uart.rxFIFO.full && uart.enabled) uart.feedByte(bytes.shift());
}
