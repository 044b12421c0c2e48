/*
 * A device on an RTOS: what its tasks and interrupts share, and the six functions that a port brings.
 *
 * Promise: the agent has one user, the reporting task; all others post into a mailbox of their own and wake it. Not here: the RTOS (posix/, README).
 */
#ifndef DEVICE_H
#define DEVICE_H

#include "tidings.h"

/* The port: time, and one wake-up that a task or an interrupt may give before the reporting task waits for it; a binary semaphore. */
uint64_t os_now_ms(void);
void os_wake_reporting(void);
/* Returns when woken, or at `deadline_ms`. The reporting task waits here and nowhere else. */
void os_wait_until(uint64_t deadline_ms);
void os_sleep_ms(uint32_t ms);

/* The port: the serial line, whose driver wakes the reporting task when bytes come or the line goes up or down. None of them waits. */
int line_is_up(void);
size_t line_read(uint8_t *bytes, size_t room);
size_t line_write(const uint8_t *bytes, size_t len); /* how many it took */

/* The port: the sensor. */
int32_t board_temperature(void);

/* reporting.c: makes the agent, before any other task or interrupt runs; then runs it, for ever. */
tidings_status_t reporting_init(tidings_keys_t *keys, const tidings_epoch_store_t *store);
void reporting_task(const tidings_epoch_store_t *store);

/* producers.c: makes the mailboxes; then a task that measures, for ever, and an interrupt that happens. */
tidings_status_t producers_init(void);
void sensor_task(void);
void case_interrupt(void);

/* producers.c, for the reporting task: takes what was posted. */
void producers_drain(tidings_agent_t *agent, uint64_t now_ms);

#endif
