/*
 * Start-up of a Cortex-M without any library: vectors, .data, .bss, main.
 *
 * Promise: what compilers may call unasked (memcpy, memset, memmove, memcmp) is here, plain; define HAS_LIBC when you link a libc, which has its own.
 * Not here: heap, C++ constructors.
 */
#include <stddef.h>
#include <stdint.h>

extern uint32_t data_load[], data_start[], data_end[], bss_start[], bss_end[], stack_top[];

int main(void);
void before_main(void);
void after_main(int result);
void reset(void);
void stop(void);
void systick(void);
void irq_0(void);
void irq_2(void);
void irq_9(void);

/* The 16 of the core, the first of which is no function, then those interrupts that a board here uses: UARTs (0 and 2) and a timer (9). */
struct vectors {
    const uint32_t *stack;
    void (*handlers[25])(void);
};

__attribute__((section(".vectors"), used)) static const struct vectors vectors = {
    stack_top,
    {reset, stop, stop, stop, stop, stop, 0, 0, 0, 0, stop, stop, 0, stop, systick, irq_0, stop, irq_2, stop, stop, stop,
     stop, stop, stop, irq_9},
};

/* Weak: what others may put in their place. */
__attribute__((weak)) void systick(void) {
}

__attribute__((weak)) void irq_0(void) {
}

__attribute__((weak)) void irq_2(void) {
}

__attribute__((weak)) void irq_9(void) {
}

__attribute__((weak)) void before_main(void) {
}

__attribute__((weak)) void after_main(int result) {
    (void)result;
}

void stop(void) {
    for (;;) {
    }
}

void reset(void) {
    const uint32_t *from = data_load;
    for (uint32_t *to = data_start; to != data_end; to++, from++) {
        *to = *from;
    }
    for (uint32_t *to = bss_start; to != bss_end; to++) {
        *to = 0;
    }
    before_main();
    after_main(main());
    stop();
}

#ifndef HAS_LIBC

void *memcpy(void *to, const void *from, size_t len);
void *memmove(void *to, const void *from, size_t len);
void *memset(void *to, int byte, size_t len);
int memcmp(const void *left, const void *right, size_t len);

void *memcpy(void *to, const void *from, size_t len) {
    return memmove(to, from, len);
}

void *memmove(void *to, const void *from, size_t len) {
    uint8_t *out = to;
    const uint8_t *in = from;
    if (out <= in) {
        for (size_t at = 0; at < len; at++) {
            out[at] = in[at];
        }
    } else {
        for (size_t at = len; at > 0; at--) {
            out[at - 1] = in[at - 1];
        }
    }
    return to;
}

void *memset(void *to, int byte, size_t len) {
    uint8_t *out = to;
    for (size_t at = 0; at < len; at++) {
        out[at] = (uint8_t)byte;
    }
    return to;
}

int memcmp(const void *left, const void *right, size_t len) {
    const uint8_t *a = left, *b = right;
    for (size_t at = 0; at < len; at++) {
        if (a[at] != b[at]) {
            return a[at] < b[at] ? -1 : 1;
        }
    }
    return 0;
}

#endif
