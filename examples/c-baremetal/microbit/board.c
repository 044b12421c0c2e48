/*
 * The BBC micro:bit v1 (nRF51822, Cortex-M0): the UART behind its USB bridge, a timer for the clock and one for waking up, its buttons.
 *
 * Promise: registers and one ring, no library. Not here: debouncing, the display, power modes; the epoch (epoch.c).
 */
#include "../board.h"

#define REGISTER(address) (*(volatile uint32_t *)(address))

/* UART0, on the pins that lead to the USB bridge (nRF51 Series Reference Manual, chapter 29). */
#define UART_START_RX REGISTER(0x40002000u)
#define UART_START_TX REGISTER(0x40002008u)
#define UART_RX_READY REGISTER(0x40002108u)
#define UART_TX_READY REGISTER(0x4000211Cu)
#define UART_INTERRUPTS REGISTER(0x40002304u)
#define UART_ENABLE REGISTER(0x40002500u)
#define UART_PIN_TX REGISTER(0x4000250Cu)
#define UART_PIN_RX REGISTER(0x40002514u)
#define UART_RXD REGISTER(0x40002518u)
#define UART_TXD REGISTER(0x4000251Cu)
#define UART_BAUD_RATE REGISTER(0x40002524u)
#define RX_READY_INTERRUPT 4u
#define ENABLED 4u
#define BAUD_115200 0x01D7E000u
#define PIN_TX 24u
#define PIN_RX 25u

/* TIMER0 counts microseconds, TIMER1 interrupts each millisecond (chapter 18). */
#define CLOCK 0x40008000u
#define WAKER 0x40009000u
#define START(timer) REGISTER((timer) + 0x000u)
#define CAPTURE(timer) REGISTER((timer) + 0x040u)
#define COMPARE_EVENT(timer) REGISTER((timer) + 0x140u)
#define SHORTS(timer) REGISTER((timer) + 0x200u)
#define INTERRUPTS(timer) REGISTER((timer) + 0x304u)
#define BIT_MODE(timer) REGISTER((timer) + 0x508u)
#define PRESCALER(timer) REGISTER((timer) + 0x510u)
#define COMPARE(timer) REGISTER((timer) + 0x540u)
#define BITS_16 0u
#define BITS_32 3u
#define MICROSECONDS 4u
#define CLEAR_ON_COMPARE 1u
#define COMPARE_INTERRUPT (1u << 16)

/* The buttons, low while pressed (chapter 14). */
#define GPIO_IN REGISTER(0x50000510u)
#define PIN_CONFIG(pin) REGISTER(0x50000700u + 4u * (pin))
#define INPUT_PULLED_UP (3u << 2)
#define BUTTON_A 17u
#define BUTTON_B 26u

#define NVIC_ISER0 REGISTER(0xE000E100u)
#define UART_IRQ 2u
#define WAKER_IRQ 9u

#define RING_BYTES 256u /* a power of two; more than an answer */

static volatile uint8_t ring[RING_BYTES];
static volatile uint32_t ring_in;
static volatile uint32_t ring_out;
static uint32_t last_us;
static uint64_t now_ms;
static int is_sending;

extern const tidings_key_bytes_t key_page; /* the linker script says where */

void irq_2(void);
void irq_9(void);

/* The receiver: the byte into the ring; a full ring loses it, and the frame's check tells. */
void irq_2(void) {
    while (UART_RX_READY) {
        UART_RX_READY = 0; /* before the byte is taken: the next one raises it anew */
        const uint8_t byte = (uint8_t)UART_RXD;
        if (ring_in - ring_out < RING_BYTES) {
            ring[ring_in % RING_BYTES] = byte;
            ring_in++;
        }
    }
}

/* The waker, each millisecond: button A is the key `t`, button B another. */
void irq_9(void) {
    static uint32_t were_up = 1u << BUTTON_A | 1u << BUTTON_B;
    const uint32_t are_up = GPIO_IN;
    const uint32_t pressed = were_up & ~are_up;
    COMPARE_EVENT(WAKER) = 0;
    were_up = are_up & (1u << BUTTON_A | 1u << BUTTON_B);
    if (pressed & 1u << BUTTON_A) {
        key_pressed('t');
    }
    if (pressed & 1u << BUTTON_B) {
        key_pressed('b');
    }
    tick();
}

static void start_timer(uint32_t timer, uint32_t bits) {
    BIT_MODE(timer) = bits;
    PRESCALER(timer) = MICROSECONDS;
    START(timer) = 1;
}

void board_init(void) {
    PIN_CONFIG(BUTTON_A) = INPUT_PULLED_UP;
    PIN_CONFIG(BUTTON_B) = INPUT_PULLED_UP;
    UART_PIN_TX = PIN_TX;
    UART_PIN_RX = PIN_RX;
    UART_BAUD_RATE = BAUD_115200;
    UART_ENABLE = ENABLED;
    UART_INTERRUPTS = RX_READY_INTERRUPT;
    UART_START_RX = 1;
    UART_START_TX = 1;
    COMPARE(WAKER) = 1000;
    SHORTS(WAKER) = CLEAR_ON_COMPARE;
    INTERRUPTS(WAKER) = COMPARE_INTERRUPT;
    start_timer(CLOCK, BITS_32);
    start_timer(WAKER, BITS_16);
    NVIC_ISER0 = 1u << UART_IRQ | 1u << WAKER_IRQ;
}

uint64_t board_now_ms(void) {
    CAPTURE(CLOCK) = 1;
    const uint32_t passed_ms = (COMPARE(CLOCK) - last_us) / 1000u;
    last_us += passed_ms * 1000u;
    now_ms += passed_ms;
    return now_ms;
}

size_t board_read(uint8_t *bytes, size_t room) {
    size_t len = 0;
    while (len < room && ring_in != ring_out) {
        bytes[len++] = ring[ring_out % RING_BYTES];
        ring_out++;
    }
    return len;
}

int board_write(uint8_t byte) {
    if (is_sending && !UART_TX_READY) {
        return 0;
    }
    is_sending = 1; /* the event that ends a byte comes only after a first one */
    UART_TX_READY = 0;
    UART_TXD = byte;
    return 1;
}

void board_sleep(void) {
    __asm volatile("wfi" ::: "memory");
}

const tidings_key_bytes_t *board_keys(void) {
    return &key_page;
}
