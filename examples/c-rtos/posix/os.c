/*
 * The RTOS, played by POSIX threads: a monotonic clock, and a binary semaphore with a deadline.
 */
#define _POSIX_C_SOURCE 200809L

#include "port.h"

#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int is_woken;
static atomic_int temperature = 20;

/* A condition whose deadlines are of the monotonic clock. */
static pthread_cond_t *wake_up(void) {
    static pthread_cond_t condition;
    static int is_made; /* under the lock */
    if (!is_made) {
        pthread_condattr_t attributes;
        pthread_condattr_init(&attributes);
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
        pthread_cond_init(&condition, &attributes);
        pthread_condattr_destroy(&attributes);
        is_made = 1;
    }
    return &condition;
}

uint64_t os_now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000u + (uint64_t)now.tv_nsec / 1000000u;
}

void os_wake_reporting(void) {
    pthread_mutex_lock(&lock);
    is_woken = 1;
    pthread_cond_signal(wake_up());
    pthread_mutex_unlock(&lock);
}

void os_wait_until(uint64_t deadline_ms) {
    const uint64_t farthest_ms = os_now_ms() + 3600000u; /* "never" would overflow time_t */
    struct timespec until;
    if (deadline_ms > farthest_ms) {
        deadline_ms = farthest_ms;
    }
    until.tv_sec = (time_t)(deadline_ms / 1000u);
    until.tv_nsec = (long)(deadline_ms % 1000u) * 1000000;
    pthread_mutex_lock(&lock);
    while (!is_woken && pthread_cond_timedwait(wake_up(), &lock, &until) == 0) {
    }
    is_woken = 0;
    pthread_mutex_unlock(&lock);
}

void os_sleep_ms(uint32_t ms) {
    struct timespec pause;
    pause.tv_sec = (time_t)(ms / 1000u);
    pause.tv_nsec = (long)(ms % 1000u) * 1000000;
    nanosleep(&pause, NULL);
}

void set_temperature(int32_t celsius) {
    atomic_store(&temperature, celsius);
}

int32_t board_temperature(void) {
    return atomic_load(&temperature);
}
