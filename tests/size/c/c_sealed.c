/* The image `sealed` of tests/size, through the archive; room for two key slots. */
#include "c_all.h"

static tidings_keys_t slots[2];

static void turn(void) {
    tell();
    exchange();
}

static const tidings_config_t config = {CONSTANT_CONFIG, .keys = &slots[0]};

void start(void) {
    outcome = tidings_keys_chacha20poly1305(&slots[unknown & 1], given);
    run(&config, turn);
}
