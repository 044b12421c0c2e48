/*
 * tidings.h: an agent for devices that sends only what changed.
 *
 * Promise: no heap, no hidden thread, no libc call. The caller owns all memory: handles (tidings_agent_t and others) are opaque words whose size
 * is known when you compile, and they live at the address where they were initialised. Every call is bounded, and says by what.
 * Not here: sockets, drivers, clocks, locks. Time and bytes come in as arguments, the agent says when to come back.
 *
 * The contract of every function:
 * - It returns TIDINGS_OK (0), another number from 0 up that says more, or a negative one: then nothing was done, unless it says otherwise.
 *   Ask `status < 0`.
 * - A pointer is read during the call and never kept, unless it says otherwise. A struct is plain data: zero is the default of each field.
 * - NULL, misaligned, never initialised, deinitialised, copied and moved handles are refused, and so are overlapping buffers and lengths past their
 *   bound. What no library can check: that a pointer which looks right is yours, and that a length is true.
 * - "Thread context": one thread or core at a time for each agent. A call from an interrupt or a callback while another call of the same agent
 *   runs is refused with TIDINGS_E_BUSY. Interrupts use a mailbox. No function blocks by itself, but some run callbacks of yours, which may:
 *   tidings_provision, tidings_start and tidings_maintain those of the epoch store; tidings_event_kept and tidings_maintain_events those of the event
 *   store; with tidings_keys_hardware, what makes and takes packets those of
 *   the suite (tidings_transmit, tidings_receive, tidings_serial_send, tidings_serial_receive). A callback returns as functions do: no longjmp, no
 *   C++ exception, no end of its thread; else the handle is BUSY for ever.
 * - Agents that share keys count their use without a lock: tidings_init, tidings_deinit and tidings_change_keys of all of them need one lock of yours.
 * - A record that is refused with TOO_LONG, TEXT or FULL makes its kind partial: the host is told that something is missing. TOO_LONG is also what
 *   would not fit a packet of the MTU.
 * - Texts are UTF-8, as pointer and length: tidings_text("...") makes one. What is over its bound is refused, never cut.
 *
 * Statuses in "Fails with" stand without their prefix TIDINGS_E_. C99, C11, C17 and C++11 or later. Licence: MIT OR Apache-2.0.
 *
 * Generated from bindings/c by `cargo xtask header`; do not edit.
 */
