/* Taking keys in leaves no copy of them on the stack: done on a stack that can be searched afterwards. */
#define _POSIX_C_SOURCE 200809L
#include "../c/check.h"

#include <pthread.h>
#include <string.h>

#define STACK_BYTES 65536u
/* Fewer bytes in a row may be chance. */
#define TRACE 8u

static union {
    long double aligned;
    uint8_t bytes[STACK_BYTES];
} stack;
static tidings_key_bytes_t given;
static tidings_keys_t keys;
static tidings_status_t outcome;

static void *chacha(void *unused) {
    outcome = tidings_keys_chacha20poly1305(&keys, &given);
    return unused;
}

static void *ascon(void *unused) {
    outcome = tidings_keys_ascon128(&keys, &given);
    return unused;
}

static void *copies(void *unused) {
    volatile tidings_key_bytes_t copy = given;
    (void)copy;
    return unused;
}

static void run(void *(*body)(void *)) {
    pthread_t thread;
    pthread_attr_t attributes;
    memset(stack.bytes, 0, sizeof(stack.bytes));
    CHECK(pthread_attr_init(&attributes) == 0);
    CHECK(pthread_attr_setstack(&attributes, stack.bytes, sizeof(stack.bytes)) == 0);
    CHECK(pthread_create(&thread, &attributes, body, NULL) == 0);
    CHECK(pthread_join(thread, NULL) == 0);
}

/* Places where a part of a key lies. */
static unsigned traces(void) {
    const uint8_t *const secret = (const uint8_t *)&given;
    unsigned found = 0;
    size_t at, part;
    for (at = 0; at + TRACE <= sizeof(stack.bytes); at++) {
        for (part = 1; part + TRACE <= sizeof(given); part += TRACE) {
            found += memcmp(stack.bytes + at, secret + part, TRACE) == 0;
        }
    }
    return found;
}

int main(void) {
    given = sample_keys(3);
    run(copies);
    CHECK(traces() > 0); /* a copy would be found */
    run(chacha);
    GIVES(TIDINGS_OK, outcome);
    CHECK(traces() == 0);
    GIVES(TIDINGS_OK, tidings_keys_deinit(&keys));
    run(ascon);
    GIVES(TIDINGS_OK, outcome);
    CHECK(traces() == 0);
    return check_end();
}
