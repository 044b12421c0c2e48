// What rp2040js's UART lacks of the PL011's manual, for embassy-rp's buffered driver.
//
// rp2040js raises the transmit interrupt for ever; on the chip it is raised when written data has left the FIFO, and stays until it is cleared: a driver that
// leaves it enabled relies on that. Here a byte leaves at once. And two registers keep what is written to them: rp2040js reads them as all ones, which says
// that DMA is at work. Not here: baud rates, errors, DMA.
const TRANSMITTED = 1 << 5;
const FIFO_LEVELS = 0x34;
const DMA_CONTROL = 0x48;

/** Corrects `uart`, and gives what it sends to `send`. */
export function correctUart(uart, send) {
  uart.checkInterrupts = () => uart.rp2040.setInterrupt(uart.irq, !!(uart.interruptStatus & uart.interruptMask));
  uart.onByte = (byte) => {
    uart.interruptStatus |= TRANSMITTED;
    uart.checkInterrupts();
    send(byte);
  };
  keepRegisters(uart, new Map([FIFO_LEVELS, DMA_CONTROL].map((offset) => [offset, 0])));
}

function keepRegisters(uart, values) {
  const [read, write] = [uart.readUint32, uart.writeUint32];
  uart.readUint32 = (offset) => values.get(offset) ?? read.call(uart, offset);
  uart.writeUint32 = (offset, value) => (values.has(offset) ? values.set(offset, value) : write.call(uart, offset, value));
}
