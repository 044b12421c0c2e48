/*
 * A Cortex-M in C, without libc, that tells a collector over its UART what it is, sealed with keys of its own.
 *
 * Promise: the same numbered steps in every port. Interrupts post through mailboxes, the main loop does the rest. Not here: the board (board.h).
 *
 * -DFACTORY_FLOOR=0 makes the image that the factory starts first: it writes the first epoch. -DPLAIN does not seal: for a trusted wire.
 */
#include "board.h"
#include "tidings.h"

#ifdef PLAIN
#pragma message "PLAIN: this image does not seal. Whoever is on the way reads its packets and writes others."
#endif

#define MESSAGES 4u
#define BEAT_S 5000u /* the timer posts its uptime that often, in ms */

TIDINGS_DEVICE(device, 1024, 208, 512); /* 32 facts, 8 events, packets of up to 512 bytes */
TIDINGS_MAILBOX(from_timer, MESSAGES);             /* a box for each interrupt: one producer each */
TIDINGS_MAILBOX(from_keys, MESSAGES);
#ifndef PLAIN
static tidings_keys_t keys;
#endif

/* The timer's interrupt, each millisecond: now and then it says so, through the mailbox whose only producer it is. */
void tick(void) {
    static uint32_t ticks;
    tidings_health_t uptime = TIDINGS_ZERO;
    if (++ticks % BEAT_S != 1) {
        return;
    }
    uptime.metric = TIDINGS_METRIC_UPTIME;
    uptime.unit = TIDINGS_UNIT_SECOND;
    uptime.value = ticks / 1000u;
    tidings_post_health(&from_timer.box, &uptime); /* a full box refuses and counts */
}

/* The console's interrupt: `t` switches telnet on or off, any other key says that the case was opened. */
void key_pressed(uint8_t key) {
    static uint8_t telnet_is_on;
    tidings_setting_t telnet = TIDINGS_ZERO;
    tidings_event_t opened = TIDINGS_ZERO;
    if (key == 't') {
        telnet_is_on = !telnet_is_on;
        telnet.id = TIDINGS_SETTING_TELNET;
        telnet.value = tidings_bool(telnet_is_on);
        tidings_post_setting(&from_keys.box, &telnet);
    } else {
        opened.event_type = TIDINGS_EVENT_TAMPER;
        opened.severity = TIDINGS_SEVERITY_WARNING;
        opened.data = tidings_text("case");
        tidings_post_event(&from_keys.box, &opened);
    }
}

static void tell_what_is(void) {
    tidings_software_t image = TIDINGS_ZERO;
    tidings_setting_t telnet = TIDINGS_ZERO;
    tidings_account_t admin = TIDINGS_ZERO;

    tidings_scan_begin(&device.agent, TIDINGS_KIND_SOFTWARE);
    image.version = tidings_text("1.4.2");
    image.software_class = TIDINGS_SOFTWARE_CLASS_FIRMWARE;
    tidings_record_software(&device.agent, &image);
    tidings_scan_finish(&device.agent, TIDINGS_KIND_SOFTWARE); /* what a scan does not list again is gone */

    telnet.id = TIDINGS_SETTING_TELNET;
    telnet.value = tidings_bool(0);
    tidings_record_setting(&device.agent, &telnet);

    admin.key_name = tidings_text("admin");
    admin.roles = TIDINGS_ROLES_ADMINISTRATOR | TIDINGS_ROLES_REMOTE;
    admin.flags = TIDINGS_ACCOUNT_FLAGS_ENABLED | TIDINGS_ACCOUNT_FLAGS_PASSWORD_SET;
    tidings_record_account(&device.agent, &admin);
    tidings_complete(&device.agent, TIDINGS_KIND_ACCOUNT);
}

/* Bytes in, bytes out; a byte that the UART does not take waits for the next turn. */
static void pump(uint64_t now) {
    static uint8_t waiting;
    static size_t is_waiting;
    uint8_t bytes[64];
    tidings_serial_receive(&device.serial, &device.agent, now, bytes, board_read(bytes, sizeof(bytes)));
    for (;;) {
        if (!is_waiting) {
            tidings_serial_send(&device.serial, &device.agent, now, &waiting, 1, &is_waiting);
        }
        if (!is_waiting || !board_write(waiting)) {
            return;
        }
        is_waiting = 0;
    }
}

/* The agent with its keys; an erased page of keys is refused. */
static tidings_status_t make(void) {
    tidings_config_t config = TIDINGS_CONFIG(device);
    tidings_status_t status = TIDINGS_OK;
    config.id = tidings_text("c-baremetal");
    config.expected = TIDINGS_KIND_BIT(TIDINGS_KIND_SOFTWARE);
#ifndef PLAIN
    status = tidings_keys_chacha20poly1305(&keys, board_keys());
    config.keys = &keys;
#endif
    if (status == TIDINGS_OK) {
        status = tidings_init(&device.agent, &config);
    }
    if (status == TIDINGS_OK) {
        status = TIDINGS_SERIAL(device);
    }
    return status;
}

int main(void) {
    const tidings_epoch_store_t store = {0, board_load_epoch, board_append_epoch};

    TIDINGS_MAILBOX_INIT(from_timer); /* before the interrupts that post */
    TIDINGS_MAILBOX_INIT(from_keys);
    board_init();
    if (make() != TIDINGS_OK) {
        return 1;
    }
#ifdef FACTORY_FLOOR
    tidings_provision(FACTORY_FLOOR, &store); /* a store that holds as much already is left alone */
#endif
    tidings_start(&device.agent, board_now_ms(), &store); /* if it fails, nothing is sent, and tidings_maintain tries again */
    tell_what_is();
    for (;;) {
        uint64_t now = board_now_ms(), deadline = 0;                     /* 1 time comes in */
        tidings_drain(&device.agent, now, &from_timer.box);              /* 2 what interrupts posted */
        tidings_drain(&device.agent, now, &from_keys.box);
        pump(now);                                                       /* 3 bytes in, bytes out, bounded */
        tidings_maintain(&device.agent, now, &store);                    /* 4 a new epoch, if the host asked for one */
        tidings_next_deadline(&device.agent, &deadline);                 /* 5 when to come back */
        if (deadline > now) {
            board_sleep();
        }
    }
}
