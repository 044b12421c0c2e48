/*
 * The board mps2-an386 (Cortex-M4) as QEMU plays it: UART0 the link, UART1 a console, the cycle counter of its FPGA, SysTick for waking up.
 *
 * Promise: registers and one ring, no library. Not here: DMA, transmit buffers, power modes; the epoch (epoch.c).
 */
#include "../board.h"

#define REGISTER(address) (*(volatile uint32_t *)(address))

/* Registers of UART0 and UART1 (CMSDK TRM, table 4-2) and their bits. */
#define UART_DATA REGISTER(0x40004000u)
#define UART_STATE REGISTER(0x40004004u)
#define UART_CTRL REGISTER(0x40004008u)
#define UART_INT_CLEAR REGISTER(0x4000400Cu)
#define UART_BAUD_DIV REGISTER(0x40004010u)
#define CONSOLE_DATA REGISTER(0x40005000u)
#define CONSOLE_STATE REGISTER(0x40005004u)
#define CONSOLE_CTRL REGISTER(0x40005008u)
#define CONSOLE_INT_CLEAR REGISTER(0x4000500Cu)
#define CONSOLE_BAUD_DIV REGISTER(0x40005010u)
#define STATE_TX_FULL 1u
#define STATE_RX_FULL 2u
#define CTRL_TX 1u
#define CTRL_RX 2u
#define CTRL_RX_INTERRUPT 8u
#define INT_RX 2u
#define SMALLEST_BAUD_DIV 16u

/* The FPGA's cycle counter, SysTick and the interrupt controller. */
#define CYCLES REGISTER(0x40028018u)
#define SYST_CSR REGISTER(0xE000E010u)
#define SYST_RVR REGISTER(0xE000E014u)
#define SYST_CVR REGISTER(0xE000E018u)
#define NVIC_ISER0 REGISTER(0xE000E100u)
#define CYCLES_PER_MS 25000u
#define UART_RX_IRQ 0u
#define CONSOLE_RX_IRQ 2u

#define RING_BYTES 2048u /* a power of two; more than the collector ever has under way */

static volatile uint8_t ring[RING_BYTES];
static volatile uint32_t ring_in;
static volatile uint32_t ring_out;
static uint32_t last_count;
static uint64_t now_ms;

extern const tidings_key_bytes_t key_page; /* the linker script says where */

void systick(void);
void irq_0(void);
void irq_2(void);

void systick(void) {
    tick();
}

/* The console: its interrupt hands each key on. */
void irq_2(void) {
    while (CONSOLE_STATE & STATE_RX_FULL) {
        key_pressed((uint8_t)CONSOLE_DATA);
    }
    CONSOLE_INT_CLEAR = INT_RX;
}

/* The receiver's interrupt: the byte into the ring; a full ring leaves it in the register, where the sender waits for it. */
void irq_0(void) {
    while ((UART_STATE & STATE_RX_FULL) && ring_in - ring_out < RING_BYTES) {
        ring[ring_in % RING_BYTES] = (uint8_t)UART_DATA;
        ring_in++;
    }
    UART_INT_CLEAR = INT_RX;
}

void board_init(void) {
    UART_BAUD_DIV = SMALLEST_BAUD_DIV;
    UART_CTRL = CTRL_TX | CTRL_RX | CTRL_RX_INTERRUPT;
    CONSOLE_BAUD_DIV = SMALLEST_BAUD_DIV;
    CONSOLE_CTRL = CTRL_RX | CTRL_RX_INTERRUPT;
    NVIC_ISER0 = 1u << UART_RX_IRQ | 1u << CONSOLE_RX_IRQ;
    last_count = CYCLES;
    SYST_RVR = CYCLES_PER_MS - 1u;
    SYST_CVR = 0;
    SYST_CSR = 7u; /* core clock, interrupt, on */
}

uint64_t board_now_ms(void) {
    const uint32_t passed_ms = (CYCLES - last_count) / CYCLES_PER_MS;
    last_count += passed_ms * CYCLES_PER_MS;
    now_ms += passed_ms;
    return now_ms;
}

size_t board_read(uint8_t *bytes, size_t room) {
    size_t len = 0;
    while (len < room && ring_in != ring_out) {
        bytes[len++] = ring[ring_out % RING_BYTES];
        ring_out++;
    }
    if (len > 0) {
        __asm volatile("cpsid i" ::: "memory"); /* a byte that waited for room in the ring raises no second interrupt */
        irq_0();
        __asm volatile("cpsie i" ::: "memory");
    }
    return len;
}

int board_write(uint8_t byte) {
    if (UART_STATE & STATE_TX_FULL) {
        return 0;
    }
    UART_DATA = byte;
    return 1;
}

void board_sleep(void) {
    __asm volatile("wfi" ::: "memory");
}

const tidings_key_bytes_t *board_keys(void) {
    return &key_page;
}
