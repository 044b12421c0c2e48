/*
 * The reporting task: the one user of the agent.
 *
 * Promise: it sleeps until the agent's own deadline, or until somebody wakes it; a turn is bounded. So it may have the lowest priority of all.
 */
#include "device.h"

TIDINGS_DEVICE(device, 1024, 208, 512); /* 32 facts, 8 events, packets of up to 512 bytes */

tidings_status_t reporting_init(tidings_keys_t *keys, const tidings_epoch_store_t *store) {
    tidings_config_t config = TIDINGS_CONFIG(device);
    tidings_status_t status;
    config.id = tidings_text("c-rtos");
    config.profile = TIDINGS_PROFILE_SERIAL;
    config.expected = TIDINGS_KIND_BIT(TIDINGS_KIND_SOFTWARE);
    config.keys = keys;
    status = tidings_init(&device.agent, &config);
    if (status == TIDINGS_OK) {
        status = TIDINGS_SERIAL(device);
    }
    if (status == TIDINGS_OK) {
        tidings_link_down(&device.agent); /* until the line is up */
        status = tidings_start(&device.agent, os_now_ms(), store);
    }
    return status;
}

static void tell_what_is(void) {
    tidings_software_t image = TIDINGS_ZERO;
    image.version = tidings_text("2.0.1");
    image.software_class = TIDINGS_SOFTWARE_CLASS_FIRMWARE;
    tidings_scan_begin(&device.agent, TIDINGS_KIND_SOFTWARE);
    tidings_record_software(&device.agent, &image);
    tidings_scan_finish(&device.agent, TIDINGS_KIND_SOFTWARE);
}

/* A line that came or went: a frame in progress is no more. */
static void watch_line(uint64_t now) {
    static int was_up;
    const int is_up = line_is_up();
    if (is_up == was_up) {
        return;
    }
    was_up = is_up;
    tidings_serial_reset(&device.serial);
    if (is_up) {
        tidings_link_up(&device.agent, now);
    } else {
        tidings_link_down(&device.agent);
    }
}

/* Bytes in, bytes out; what the line does not take now waits for the next turn. Gives whether some wait. */
static int pump(uint64_t now) {
    static uint8_t out[64];
    static size_t have, sent;
    uint8_t in[64];
    size_t len;
    while ((len = line_read(in, sizeof(in))) > 0) {
        tidings_serial_receive(&device.serial, &device.agent, now, in, len);
    }
    for (;;) {
        if (sent == have) {
            sent = 0;
            if (tidings_serial_send(&device.serial, &device.agent, now, out, sizeof(out), &have) != TIDINGS_OK) {
                have = 0;
                return 0;
            }
        }
        len = line_write(out + sent, have - sent);
        if (len == 0) {
            return line_is_up();
        }
        sent += len;
    }
}

void reporting_task(const tidings_epoch_store_t *store) {
    tell_what_is();
    for (;;) {
        uint64_t now = os_now_ms(), deadline = 0;         /* 1 time comes in */
        int is_waiting;
        watch_line(now);
        producers_drain(&device.agent, now);              /* 2 what tasks and interrupts posted */
        is_waiting = pump(now);                           /* 3 bytes in, bytes out, bounded */
        tidings_maintain(&device.agent, now, store);      /* 4 a new epoch, if the host asked for one */
        tidings_next_deadline(&device.agent, &deadline);  /* 5 when to come back */
        os_wait_until(is_waiting ? now + 1 : deadline);
    }
}
