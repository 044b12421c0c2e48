/* Runs the C tests as firmware, with newlib, and ends QEMU through semihosting with their result. Its start-up is that of examples/c-baremetal. */
#include <stdlib.h>

void initialise_monitor_handles(void);
void uart_receive(void);
int run_checks(void); /* main of the tests, renamed */

void uart_receive(void) {
}

int main(void) {
    initialise_monitor_handles();
    exit(run_checks());
}
