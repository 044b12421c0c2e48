/*
 * What the example needs of a board: a clock, a UART without buffers, sleep, the page with the keys, and memory for the epoch.
 *
 * Promise: nothing here waits, but board_sleep and board_append_epoch. Not here: registers. For your board, write these functions and a linker script.
 */
#ifndef BOARD_H
#define BOARD_H

#include "tidings.h"

/* Starts clock and UART. Call it first. */
void board_init(void);

/* Milliseconds since board_init; never goes back. Ask it at least every 170 s. */
uint64_t board_now_ms(void);

/* Takes what was received, at most `room` bytes; gives how many. */
size_t board_read(uint8_t *bytes, size_t room);

/* Sends one byte if the UART has room for it; gives whether it had. */
int board_write(uint8_t byte);

/* Sleeps until an interrupt: the timer's, each millisecond, or the receiver's. */
void board_sleep(void);

/* The page that the factory fills with this device's keys, apart from the image, which is the same for all devices. */
const tidings_key_bytes_t *board_keys(void);

/* The callbacks of an epoch store that outlives power; `ctx` is not used. */
tidings_status_t board_load_epoch(void *ctx, uint32_t *epoch);
tidings_status_t board_append_epoch(void *ctx, uint32_t epoch);

/* What the board's interrupts call in main.c: each millisecond, and when somebody presses a key or a button. */
void tick(void);
void key_pressed(uint8_t key);

#endif
