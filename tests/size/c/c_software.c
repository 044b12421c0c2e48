/* The image `software` of tests/size, through the archive: a hello world that also takes answers, and no standard output. */
#include "border.h"

static void turn(void) {
    outcome = tidings_record_software(&device.agent, given);
    exchange();
}

static const tidings_config_t config = {CONSTANT_CONFIG};

void start(void) {
    run(&config, turn);
}
