/* The least that links the archive without a libc: an agent that is made, told one fact and asked for a packet. */
#include <tidings.h>

void start(void);
/* What gcc calls unasked. */
void *memcpy(void *to, const void *from, size_t len);
void *memset(void *to, int byte, size_t len);

void *memcpy(void *to, const void *from, size_t len) {
    while (len-- > 0) {
        ((volatile char *)to)[len] = ((const char *)from)[len];
    }
    return to;
}

void *memset(void *to, int byte, size_t len) {
    while (len-- > 0) {
        ((volatile char *)to)[len] = (char)byte;
    }
    return to;
}

TIDINGS_DEVICE(device, 512, 64, 256);
static tidings_retained_t retained;

void start(void) {
    const tidings_epoch_store_t store = {&retained, tidings_retained_load, tidings_retained_append};
    tidings_config_t config;
    tidings_software_t image = TIDINGS_ZERO;
    size_t len = 0;
    config = TIDINGS_CONFIG(device);
    config.id = tidings_text("link");
    if (tidings_init(&device.agent, &config) == TIDINGS_OK && tidings_start(&device.agent, 0, &store) == TIDINGS_OK) {
        tidings_record_software(&device.agent, &image);
        tidings_transmit(&device.agent, 0, device.packet, sizeof(device.packet), &len);
    }
    for (;;) {
    }
}
