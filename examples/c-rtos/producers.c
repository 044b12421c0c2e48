/*
 * What tells the agent things from elsewhere than the reporting task: a task that measures, and an interrupt.
 *
 * Promise: neither waits, neither touches the agent. Each has a mailbox of its own, of which it is the one producer; a full one refuses and counts.
 */
#include "device.h"

#define MESSAGES 8u
#define PERIOD_MS 100u

TIDINGS_MAILBOX(from_sensor, MESSAGES);
TIDINGS_MAILBOX(from_case, MESSAGES);

tidings_status_t producers_init(void) {
    const tidings_status_t status = TIDINGS_MAILBOX_INIT(from_sensor);
    return status < 0 ? status : TIDINGS_MAILBOX_INIT(from_case);
}

/* Thread context: a measurement that differs from the last one that was posted is posted. */
void sensor_task(void) {
    int32_t posted = INT32_MIN;
    for (;;) {
        tidings_health_t temperature = TIDINGS_ZERO;
        temperature.metric = TIDINGS_METRIC_TEMPERATURE;
        temperature.unit = TIDINGS_UNIT_CELSIUS;
        temperature.value = board_temperature();
        if (temperature.value != posted && tidings_post_health(&from_sensor.box, &temperature) == TIDINGS_OK) {
            posted = (int32_t)temperature.value; /* a full box: the next turn tries again */
            os_wake_reporting();
        }
        os_sleep_ms(PERIOD_MS);
    }
}

/* Interrupt context: somebody opened the case. */
void case_interrupt(void) {
    tidings_event_t opened = TIDINGS_ZERO;
    opened.event_type = TIDINGS_EVENT_TAMPER;
    opened.severity = TIDINGS_SEVERITY_CRITICAL;
    tidings_post_event(&from_case.box, &opened);
    os_wake_reporting();
}

/* What was refused because a box was full is lost: say so. */
static void tell_refused(tidings_agent_t *agent, tidings_mailbox_t *mailbox, const char *whose) {
    tidings_health_t refused = TIDINGS_ZERO;
    uint32_t count = 0;
    if (tidings_mailbox_refused(mailbox, &count) == TIDINGS_OK && count > 0) {
        refused.metric = TIDINGS_METRIC_NAMED;
        refused.name = tidings_text("mailbox refused");
        refused.instance = tidings_text(whose);
        refused.value = count;
        tidings_record_health(agent, &refused);
    }
}

void producers_drain(tidings_agent_t *agent, uint64_t now_ms) {
    tidings_drain(agent, now_ms, &from_sensor.box);
    tidings_drain(agent, now_ms, &from_case.box);
    tell_refused(agent, &from_sensor.box, "sensor");
    tell_refused(agent, &from_case.box, "case");
}
