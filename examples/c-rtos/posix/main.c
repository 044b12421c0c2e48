/*
 * Start-up: everything is made before the first task runs. What is typed plays the world: `+` and `-` warm and cool the sensor, `c` opens the case.
 *
 *     c-rtos ADDRESS PORT EPOCH-FILE KEY-FILE
 *
 * A blank EPOCH-FILE is an error, for to begin again would seal with numbers that were used; `c-rtos provision EPOCH-FILE` is for the factory, once.
 */
#include "port.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

static tidings_keys_t keys;
static char **arguments;
static tidings_epoch_store_t store = {NULL, load_epoch, append_epoch};

static void *run_line(void *none) {
    (void)none;
    line_task(arguments[1], arguments[2]);
    return NULL;
}

static void *run_sensor(void *none) {
    (void)none;
    sensor_task();
    return NULL;
}

static void *run_reporting(void *none) {
    (void)none;
    reporting_task(&store);
    return NULL;
}

/* Plays interrupts, until the end of what is typed. */
static void run_world(void) {
    int32_t celsius = board_temperature();
    for (int key = getchar(); key != EOF; key = getchar()) {
        if (key == '+' || key == '-') {
            celsius += key == '+' ? 1 : -1;
            set_temperature(celsius);
        } else if (key == 'c') {
            case_interrupt();
        }
    }
}

static tidings_status_t make(void) {
    tidings_status_t status = take_keys(arguments[4], &keys);
    if (status == TIDINGS_OK) {
        status = producers_init();
    }
    return status == TIDINGS_OK ? reporting_init(&keys, &store) : status;
}

int main(int argc, char **argv) {
    pthread_t tasks[3];
    const int factory = argc == 3 && strcmp(argv[1], "provision") == 0;
    tidings_status_t status;
    if (!factory && argc != 5) {
        fprintf(stderr, "usage: c-rtos ADDRESS PORT EPOCH-FILE KEY-FILE | c-rtos provision EPOCH-FILE\n");
        return 2;
    }
    arguments = argv;
    store.ctx = argv[factory ? 2 : 3];
    status = factory ? tidings_provision(0, &store) : make();
    if (status != TIDINGS_OK) {
        fprintf(stderr, "c-rtos: %s\n", tidings_status_str(status));
        return 1;
    }
    if (factory) {
        return 0;
    }
    if (pthread_create(&tasks[0], NULL, run_reporting, NULL) != 0 || pthread_create(&tasks[1], NULL, run_line, NULL) != 0
        || pthread_create(&tasks[2], NULL, run_sensor, NULL) != 0) {
        return 1;
    }
    run_world();
    return 0;
}
