/*
 * What the example needs of a board: a clock, a UART without buffers, sleep.
 *
 * Promise: nothing here waits, but board_sleep. Not here: another board than mps2-an386; write this file's five functions for yours.
 */
#ifndef BOARD_H
#define BOARD_H

#include <stddef.h>
#include <stdint.h>

/* Starts clock and UART. Call it first. */
void board_init(void);

/* Milliseconds since board_init; never goes back. Ask it at least every 171 s. */
uint64_t board_now_ms(void);

/* Takes what was received, at most `room` bytes; gives how many. */
size_t board_read(uint8_t *bytes, size_t room);

/* Sends one byte if the UART has room for it; gives whether it had. */
int board_write(uint8_t byte);

/* Sleeps until an interrupt: the timer's, each millisecond, or the receiver's. */
void board_sleep(void);

#endif
