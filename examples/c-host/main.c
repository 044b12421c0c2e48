/*
 * A program for POSIX in C11 that reports over TCP: what it is and, with each line typed on standard input, a setting that changed, or, after a `!`, an
 * alarm.
 *
 * Promise: one thread, no heap, one poll() a turn until the agent's own deadline; the epoch is a file that is written and synced before it counts; an
 * alarm that it called kept arrives once, also if the power goes before anybody heard of it (EPOCH-FILE.events).
 * Not here: TLS, name look-up, several links.
 *
 *     c-host ADDRESS PORT EPOCH-FILE [KEY-FILE]
 *     c-host provision EPOCH-FILE
 *
 * KEY-FILE holds the 81 bytes of `tidings-collector keys derive --form bin`; without it the device speaks plain. A device with keys is provisioned once,
 * at the factory: afterwards a lost EPOCH-FILE is an error, for to begin again would seal with numbers that were used.
 */
#define _POSIX_C_SOURCE 200809L

#include "event_file.h"
#include "tidings.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define RECONNECT_MS 1000u

TIDINGS_DEVICE(device, 4096, 512, 1400);
static tidings_keys_t keys;
static tidings_kept_events_t kept;
static event_file_t event_file;

static uint64_t now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000u + (uint64_t)now.tv_nsec / 1000000u;
}

/* The epoch store: one file with the number in text; a new one replaces it whole. */
static tidings_status_t load_epoch(void *ctx, uint32_t *epoch) {
    FILE *file = fopen((const char *)ctx, "r");
    unsigned long number = 0;
    int read;
    if (!file) {
        return errno == ENOENT ? TIDINGS_BLANK : TIDINGS_E_EPOCH_STORE;
    }
    read = fscanf(file, "%lu", &number);
    fclose(file);
    *epoch = (uint32_t)number;
    return read == 1 && number <= UINT32_MAX ? TIDINGS_OK : TIDINGS_E_EPOCH_STORE;
}

static tidings_status_t append_epoch(void *ctx, uint32_t epoch) {
    char next[1024], text[16];
    int file, len, done;
    if (snprintf(next, sizeof(next), "%s.new", (const char *)ctx) >= (int)sizeof(next)) {
        return TIDINGS_E_EPOCH_STORE;
    }
    file = open(next, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (file < 0) {
        return TIDINGS_E_EPOCH_STORE;
    }
    len = snprintf(text, sizeof(text), "%lu\n", (unsigned long)epoch);
    done = write(file, text, (size_t)len) == len && fsync(file) == 0;
    done = close(file) == 0 && done;
    return done && rename(next, (const char *)ctx) == 0 ? TIDINGS_OK : TIDINGS_E_EPOCH_STORE;
}

static int take_keys(const char *path) {
    tidings_key_bytes_t bytes;
    FILE *file = fopen(path, "rb");
    size_t read = file ? fread(&bytes, 1, sizeof(bytes), file) : 0;
    tidings_status_t status = TIDINGS_E_KID;
    if (file) {
        fclose(file);
    }
    if (read == sizeof(bytes)) {
        status = tidings_keys_chacha20poly1305(&keys, &bytes);
    }
    tidings_wipe(&bytes, sizeof(bytes));
    return status == TIDINGS_OK;
}

/* A connection, or -1. */
static int join(const char *address, const char *port) {
    struct sockaddr_in peer;
    int link = socket(AF_INET, SOCK_STREAM, 0);
    memset(&peer, 0, sizeof(peer));
    peer.sin_family = AF_INET;
    peer.sin_port = htons((uint16_t)atoi(port));
    if (link >= 0 && inet_pton(AF_INET, address, &peer.sin_addr) == 1
        && connect(link, (const struct sockaddr *)&peer, sizeof(peer)) == 0) {
        tidings_serial_reset(&device.serial);
        tidings_link_up(&device.agent, now_ms());
        return link;
    }
    if (link >= 0) {
        close(link);
    }
    return -1;
}

/* Everything that is due, out; 0 if the link broke. */
static int send_due(int link) {
    uint8_t bytes[2048];
    size_t len = 0;
    while (tidings_serial_send(&device.serial, &device.agent, now_ms(), bytes, sizeof(bytes), &len) == TIDINGS_OK) {
        size_t sent = 0;
        while (sent < len) {
            ssize_t step = send(link, bytes + sent, len - sent, MSG_NOSIGNAL);
            if (step <= 0) {
                return 0;
            }
            sent += (size_t)step;
        }
    }
    return 1;
}

static int receive(int link) {
    uint8_t bytes[2048];
    ssize_t len = recv(link, bytes, sizeof(bytes), 0);
    if (len > 0) {
        tidings_serial_receive(&device.serial, &device.agent, now_ms(), bytes, (size_t)len);
    }
    return len > 0;
}

static tidings_status_t record_setting(const char *line, size_t len) {
    tidings_setting_t setting = TIDINGS_ZERO;
    setting.name = tidings_text("typed");
    setting.value = tidings_scalar(TIDINGS_SCALAR_TEXT, tidings_bytes(line, len));
    return tidings_record_setting(&device.agent, &setting);
}

static tidings_status_t record_alarm(const char *line, size_t len) {
    tidings_event_t alarm = TIDINGS_ZERO;
    alarm.event_type = TIDINGS_EVENT_TAMPER;
    alarm.severity = TIDINGS_SEVERITY_CRITICAL;
    alarm.data = tidings_bytes(line, len);
    return tidings_event_kept(&device.agent, &kept, &alarm);
}

/* A typed line is the value of the setting `typed`; after a `!` it is an alarm. Prints what became of it. */
static void record_typed(const char *line, size_t len) {
    const int is_alarm = len > 0 && *line == '!';
    tidings_tick(&device.agent, now_ms());
    printf("%s\n", tidings_status_str(is_alarm ? record_alarm(line + 1, len - 1) : record_setting(line, len)));
    fflush(stdout);
}

/* Takes in what was typed; a line may come in pieces, and past its room its rest counts as the next one. 0 at the end of input. */
static int read_typed(void) {
    static char line[128];
    static size_t have;
    ssize_t len = read(STDIN_FILENO, line + have, sizeof(line) - have);
    char *end;
    if (len <= 0) {
        return 0;
    }
    have += (size_t)len;
    while ((end = (char *)memchr(line, '\n', have)) != NULL || have == sizeof(line)) {
        const size_t used = end ? (size_t)(end - line) + 1 : have;
        record_typed(line, end ? used - 1 : used);
        have -= used;
        memmove(line, line + used, have);
    }
    return 1;
}

static void tell_what_is(void) {
    tidings_software_t program = TIDINGS_ZERO;
    program.key_form = TIDINGS_SOFTWARE_NAMED;
    program.key_ecosystem = TIDINGS_ECOSYSTEM_COMPONENT;
    program.key_name = tidings_text("c-host");
    program.version = tidings_text(tidings_version_str());
    tidings_scan_begin(&device.agent, TIDINGS_KIND_SOFTWARE);
    tidings_record_software(&device.agent, &program);
    tidings_scan_finish(&device.agent, TIDINGS_KIND_SOFTWARE);
}

/* How long poll may wait: until the deadline, or until the next try to connect. */
static int wait_ms(int link) {
    uint64_t at = 0, now = now_ms(), wait;
    tidings_next_deadline(&device.agent, &at);
    wait = at > now ? at - now : 0;
    if (link < 0 && wait > RECONNECT_MS) {
        wait = RECONNECT_MS;
    }
    return wait > 60000u ? 60000 : (int)wait;
}

static int run(char **arguments, const tidings_epoch_store_t *store) {
    int link = -1, open_input = 1;
    while (open_input) {
        struct pollfd ports[2];
        if (link < 0) {
            link = join(arguments[1], arguments[2]);
        }
        tidings_maintain(&device.agent, now_ms(), store);
        tidings_maintain_events(&device.agent, &kept);
        if (link >= 0 && !send_due(link)) {
            close(link);
            link = -1;
            tidings_link_down(&device.agent);
        }
        ports[0].fd = STDIN_FILENO;
        ports[0].events = POLLIN;
        ports[1].fd = link; /* poll passes over a negative one */
        ports[1].events = POLLIN;
        ports[0].revents = ports[1].revents = 0;
        if (poll(ports, 2, wait_ms(link)) > 0) {
            open_input = !ports[0].revents || read_typed();
            if (ports[1].revents && !receive(link)) {
                close(link);
                link = -1;
                tidings_link_down(&device.agent);
            }
        }
    }
    return 0;
}

static tidings_epoch_store_t store_at(char *path) {
    tidings_epoch_store_t store;
    store.ctx = path;
    store.load = load_epoch;
    store.append = append_epoch;
    return store;
}

/* Alarms lie beside the epoch. */
static tidings_status_t keep_events(const char *epoch_file) {
    char path[1024];
    tidings_event_store_t callbacks;
    if (snprintf(path, sizeof(path), "%s.events", epoch_file) >= (int)sizeof(path) || !event_file_open(&event_file, path)) {
        return TIDINGS_E_EVENT_STORE;
    }
    callbacks = event_file_callbacks(&event_file, TIDINGS_SEVERITY_CRITICAL);
    return tidings_kept_events_init(&kept, &callbacks);
}

static tidings_status_t start(const tidings_epoch_store_t *store, tidings_keys_t *with) {
    tidings_config_t config = TIDINGS_CONFIG(device);
    tidings_status_t status;
    config.id = tidings_text("c-host");
    config.profile = TIDINGS_PROFILE_TCP;
    config.spread_ms = TIDINGS_NONE;
    config.keys = with;
    status = tidings_init(&device.agent, &config);
    if (status == TIDINGS_OK) {
        status = TIDINGS_SERIAL(device);
    }
    if (status == TIDINGS_OK) {
        status = keep_events((const char *)store->ctx);
    }
    if (status == TIDINGS_OK) {
        tidings_link_down(&device.agent); /* until there is one */
        status = tidings_start(&device.agent, now_ms(), store);
    }
    return status;
}

int main(int argc, char **argv) {
    const int factory = argc == 3 && strcmp(argv[1], "provision") == 0;
    tidings_epoch_store_t store;
    tidings_status_t status;
    if (!factory && argc < 4) {
        fprintf(stderr, "usage: c-host ADDRESS PORT EPOCH-FILE [KEY-FILE] | c-host provision EPOCH-FILE\n");
        return 2;
    }
    store = store_at(argv[factory ? 2 : 3]);
    if (!factory && argc > 4 && !take_keys(argv[4])) {
        fprintf(stderr, "%s holds no keys\n", argv[4]);
        return 1;
    }
    status = factory ? tidings_provision(0, &store) : start(&store, argc > 4 ? &keys : NULL);
    if (status != TIDINGS_OK) {
        fprintf(stderr, "c-host: %s\n", tidings_status_str(status));
        return 1;
    }
    if (factory) {
        return 0;
    }
    tell_what_is();
    return run(argv, &store);
}
