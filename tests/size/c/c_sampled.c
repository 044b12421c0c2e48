/* The image `sampled` of tests/size, through the archive. */
#include "c_all.h"

static void turn(void) {
    tell();
    outcome = tidings_sample_health(&device.agent, given, given);
    exchange();
}

static const tidings_config_t config = {CONSTANT_CONFIG};

void start(void) {
    run(&config, turn);
}
