/* A fact of each kind, and what an application tells besides plain records, as in src/kinds.rs and src/device.rs. */
#include "border.h"

static inline void tell(void) {
    tidings_agent_t *const agent = &device.agent;
    outcome = tidings_record_software(agent, given);
    outcome = tidings_record_identity(agent, given);
    outcome = tidings_record_account(agent, given);
    outcome = tidings_record_listener(agent, given);
    outcome = tidings_record_neighbour(agent, given);
    outcome = tidings_record_certificate(agent, given);
    outcome = tidings_record_setting(agent, given);
    outcome = tidings_record_health(agent, given);
    outcome = tidings_record_update(agent, given);
    outcome = tidings_record_interface(agent, given);
    outcome = tidings_record_vendor(agent, given);
    outcome = tidings_scan_begin(agent, TIDINGS_KIND_SOFTWARE);
    outcome = tidings_scan_finish(agent, TIDINGS_KIND_SOFTWARE);
    outcome = tidings_remove_software(agent, given);
    outcome = tidings_event(agent, given);
    outcome = tidings_complete(agent, TIDINGS_KIND_SOFTWARE);
    outcome = tidings_fail(agent, TIDINGS_KIND_SOFTWARE);
    outcome = tidings_switch_off(agent, TIDINGS_KIND_SOFTWARE);
    outcome = tidings_switch_on(agent, TIDINGS_KIND_SOFTWARE);
}
