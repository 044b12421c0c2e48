/*
 * What every test here uses: counted checks, one list of the kinds, sample facts, a device to try things on.
 *
 * Promise: a failed check is printed with its place and makes the program fail. C99, C11 and C++17.
 */
#ifndef CHECK_H
#define CHECK_H

#include "tidings.h"

/* Counts a check, and prints it if it does not hold. */
#define CHECK(holds) check((holds) ? 1 : 0, #holds, __FILE__, __LINE__)
/* As CHECK, for a status, which is printed by name. */
#define GIVES(status, call) check_status(status, call, #call, __FILE__, __LINE__)

void check(int holds, const char *what, const char *file, int line);
void check_status(tidings_status_t wanted, tidings_status_t got, const char *what, const char *file, int line);
/* Whether both are the same, padding included. */
int same_bytes(const void *left, const void *right, size_t len);
/* Prints the count; gives what main returns. */
int check_end(void);

/* Every kind that has a struct. */
#define EACH_FACT(X) \
    X(account) X(agent_item) X(certificate) X(health) X(identity) X(interface) X(listener) X(neighbour) X(raw) X(setting) X(software) \
    X(update) X(vendor)

/* A fact of each kind whose every field is set; `short_` ones fit a mailbox. */
#define DECLARE_SAMPLE(name) \
    tidings_##name##_t sample_##name(void); \
    tidings_##name##_t short_##name(void);
EACH_FACT(DECLARE_SAMPLE)

tidings_event_t sample_event(void);
tidings_event_t short_event(void);
tidings_key_bytes_t sample_keys(uint8_t kid);

/* An epoch store in RAM that counts and can fail, and that may run something inside its callbacks. */
typedef struct {
    uint32_t epoch;
    int has_epoch;
    int fails;
    int forgets;
    unsigned loads;
    unsigned appends;
    void (*inside)(void);
} store_t;

tidings_epoch_store_t store_of(store_t *store);

/* An event store in RAM that counts, can fail or be wrong in each way, and may run something inside its callbacks. */
#define QUEUE_RECORDS 8u
typedef struct {
    uint8_t records[QUEUE_RECORDS][TIDINGS_MAX_RECORD];
    size_t lens[QUEUE_RECORDS];
    size_t count;
    int append_fails;
    int read_fails;
    int remove_fails;
    int forgets;  /* appends nothing, and says it did */
    int mangles;  /* changes a byte of what it appends */
    int reverses; /* shows the newest first */
    int clings;   /* removes nothing, and says it did */
    int repeats;  /* never comes to its end */
    int overlong; /* tells a length past the longest */
    unsigned appends;
    unsigned reads;
    unsigned removes;
    void (*inside)(void);
} queue_t;

tidings_event_store_t queue_of(queue_t *queue);

/* One device with room for much. */
#define TABLE_BYTES 4096u
#define EVENT_BYTES 512u
typedef struct {
    tidings_agent_t agent;
    uint64_t table[TABLE_BYTES / 8u];
    uint64_t events[EVENT_BYTES / 8u];
} device_t;

/* The configuration of a device, over TCP, with an id. */
tidings_config_t config_of(device_t *device);

/* The programs. */
void test_statuses(void);
void test_handles(void);
void test_configuration(void);
void test_facts(void);
void test_link(void);
void test_keys(void);
void test_mailbox(void);
void test_kept(void);

#endif
