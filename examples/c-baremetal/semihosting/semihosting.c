/*
 * With newlib and an emulator or debugger that takes semihosting calls: printf works, and the result of main ends the emulator.
 *
 * Promise: compiled beside ../startup.c it lets any main with printf run as firmware. Not here: a UART.
 */
#include <stdlib.h>

void _fini(void); /* what newlib's exit calls, and its own start-up files would bring */
void initialise_monitor_handles(void);
void before_main(void);
void after_main(int result);

void _fini(void) {
}

void before_main(void) {
    initialise_monitor_handles();
}

void after_main(int result) {
    exit(result);
}
