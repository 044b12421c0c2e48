/*
 * The serial line, played by a TCP connection: a thread that waits for bytes, as a UART's interrupt would bring them, and a ring.
 *
 * Promise: nothing that the reporting task calls waits for the network. Not here: TLS, name look-up.
 */
#define _POSIX_C_SOURCE 200809L

#include "port.h"

#include <arpa/inet.h>
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define RING_BYTES 4096u
#define RECONNECT_MS 500u

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* of all below */
static int connection = -1;
static uint8_t ring[RING_BYTES];
static size_t ring_in, ring_out;

static void set_connection(int socket_or_none) {
    pthread_mutex_lock(&lock);
    connection = socket_or_none;
    ring_in = ring_out = 0;
    pthread_mutex_unlock(&lock);
    os_wake_reporting();
}

int line_is_up(void) {
    int is_up;
    pthread_mutex_lock(&lock);
    is_up = connection >= 0;
    pthread_mutex_unlock(&lock);
    return is_up;
}

size_t line_read(uint8_t *bytes, size_t room) {
    size_t len = 0;
    pthread_mutex_lock(&lock);
    while (len < room && ring_out != ring_in) {
        bytes[len++] = ring[ring_out++ % RING_BYTES];
    }
    pthread_mutex_unlock(&lock);
    return len;
}

size_t line_write(const uint8_t *bytes, size_t len) {
    ssize_t sent = -1;
    pthread_mutex_lock(&lock);
    if (connection >= 0) {
        sent = send(connection, bytes, len, MSG_NOSIGNAL | MSG_DONTWAIT);
    }
    pthread_mutex_unlock(&lock);
    return sent > 0 ? (size_t)sent : 0;
}

/* The bytes into the ring; what finds no room is lost, as on a UART, and the frame's check tells. */
static void keep(const uint8_t *bytes, size_t len) {
    pthread_mutex_lock(&lock);
    for (size_t at = 0; at < len && ring_in - ring_out < RING_BYTES; at++) {
        ring[ring_in++ % RING_BYTES] = bytes[at];
    }
    pthread_mutex_unlock(&lock);
    os_wake_reporting();
}

static int join(const char *address, const char *port) {
    struct sockaddr_in peer;
    int link = socket(AF_INET, SOCK_STREAM, 0);
    memset(&peer, 0, sizeof(peer));
    peer.sin_family = AF_INET;
    peer.sin_port = htons((uint16_t)atoi(port));
    if (link >= 0
        && (inet_pton(AF_INET, address, &peer.sin_addr) != 1
            || connect(link, (const struct sockaddr *)&peer, sizeof(peer)) != 0)) {
        close(link);
        link = -1;
    }
    return link;
}

void line_task(const char *address, const char *port) {
    for (;;) {
        uint8_t bytes[512];
        ssize_t len;
        const int link = join(address, port);
        if (link >= 0) {
            set_connection(link);
            while ((len = recv(link, bytes, sizeof(bytes), 0)) > 0 || (len < 0 && errno == EINTR)) {
                keep(bytes, len > 0 ? (size_t)len : 0);
            }
            set_connection(-1);
            close(link);
        }
        os_sleep_ms(RECONNECT_MS);
    }
}
