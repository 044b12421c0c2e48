/* A fact of each kind with every field set, and a short one that fits a mailbox. The Rust test beside this makes the same ones. */
#include "check.h"

static const uint8_t digest[16] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
static const uint8_t mac[6] = {2, 0, 0x5e, 0x10, 0, 1};
static const uint8_t ip[4] = {192, 0, 2, 7};

static tidings_bytes_t addresses[2];
static tidings_bytes_t groups[2];

tidings_account_t sample_account(void) {
    tidings_account_t fact = TIDINGS_ZERO;
    groups[0] = tidings_text("wheel");
    groups[1] = tidings_text("audio");
    fact.key_form = TIDINGS_ACCOUNT_NAME;
    fact.credential = TIDINGS_CREDENTIAL_PASSWORD;
    fact.more_groups = 3;
    fact.key_name = tidings_text("eve");
    fact.key_realm = tidings_text("ldap");
    fact.roles = TIDINGS_ROLES_ADMINISTRATOR | TIDINGS_ROLES_LOGIN;
    fact.flags = TIDINGS_ACCOUNT_FLAGS_ENABLED;
    fact.uid = 1000;
    fact.groups = groups;
    fact.group_count = 2;
    fact.shell = tidings_text("/bin/sh");
    fact.name = tidings_text("Eve");
    return fact;
}

tidings_agent_item_t sample_agent_item(void) {
    tidings_agent_item_t fact = TIDINGS_ZERO;
    fact.item = TIDINGS_AGENT_ITEM_STACK_HIGH_WATER;
    fact.arg = 2;
    fact.value = 1234;
    return fact;
}

tidings_certificate_t sample_certificate(void) {
    tidings_certificate_t fact = TIDINGS_ZERO;
    fact.key_form = TIDINGS_CERTIFICATE_SLOT;
    fact.certificate_type = TIDINGS_CERTIFICATE_TYPE_TRUST_ANCHOR;
    fact.key_slot = 4;
    fact.key_index = 1;
    fact.key_bits = 256;
    fact.fingerprint = tidings_bytes(digest, sizeof(digest));
    fact.not_after = 1893456000;
    fact.not_before = -1;
    fact.subject = tidings_text("CN=tls");
    fact.issuer = tidings_text("CN=root");
    fact.serial = tidings_bytes(digest, 4);
    fact.usage = TIDINGS_KEY_USAGE_DIGITAL_SIGNATURE | TIDINGS_KEY_USAGE_SERVER_AUTH;
    fact.key_kind = TIDINGS_KEY_KIND_EC_P256;
    fact.role = TIDINGS_CERTIFICATE_ROLE_LDEVID;
    fact.label = tidings_text("tls");
    return fact;
}

tidings_health_t sample_health(void) {
    tidings_health_t fact = TIDINGS_ZERO;
    fact.metric = TIDINGS_METRIC_TEMPERATURE;
    fact.exponent = -1;
    fact.unit = TIDINGS_UNIT_CELSIUS;
    fact.state = TIDINGS_THRESHOLD_WARNING;
    fact.instance = tidings_text("core0");
    fact.value = 715;
    return fact;
}

tidings_identity_t sample_identity(void) {
    tidings_identity_t fact = TIDINGS_ZERO;
    fact.claim = TIDINGS_CLAIM_SERIAL_NUMBER;
    fact.value = tidings_scalar(TIDINGS_SCALAR_TEXT, tidings_text("SN-0042"));
    return fact;
}

tidings_interface_t sample_interface(void) {
    tidings_interface_t fact = TIDINGS_ZERO;
    addresses[0] = tidings_bytes(ip, sizeof(ip));
    addresses[1] = tidings_bytes(digest, sizeof(digest));
    fact.interface_type = TIDINGS_INTERFACE_TYPE_WIFI;
    fact.radio = TIDINGS_RADIO_LTE_M;
    fact.more_addresses = 1;
    fact.flags = TIDINGS_INTERFACE_FLAGS_UP | TIDINGS_INTERFACE_FLAGS_METERED;
    fact.name = tidings_text("wlan0");
    fact.link = tidings_bytes(mac, sizeof(mac));
    fact.addresses = addresses;
    fact.address_count = 2;
    fact.network = tidings_text("guest");
    fact.cell = tidings_text("ap1");
    return fact;
}

tidings_listener_t sample_listener(void) {
    tidings_listener_t fact = TIDINGS_ZERO;
    fact.protocol = TIDINGS_PROTOCOL_TCP;
    fact.port = 23;
    fact.flags = TIDINGS_LISTENER_FLAGS_AUTHENTICATED;
    fact.address = tidings_bytes(ip, sizeof(ip));
    fact.iface = tidings_text("eth0");
    fact.owner = tidings_text("telnetd");
    fact.account = tidings_text("root");
    return fact;
}

tidings_neighbour_t sample_neighbour(void) {
    tidings_neighbour_t fact = TIDINGS_ZERO;
    addresses[0] = tidings_bytes(ip, sizeof(ip));
    addresses[1] = tidings_bytes(digest, sizeof(digest));
    fact.link = TIDINGS_LINK_KIND_EUI48;
    fact.state = TIDINGS_NEIGHBOUR_STATE_BONDED;
    fact.security = TIDINGS_LINK_SECURITY_AUTHENTICATED;
    fact.more_addresses = 2;
    fact.address = tidings_bytes(mac, sizeof(mac));
    fact.iface = tidings_text("eth0");
    fact.addresses = addresses;
    fact.address_count = 2;
    fact.name = tidings_text("printer");
    fact.first_seen = 77;
    return fact;
}

tidings_raw_t sample_raw(void) {
    tidings_raw_t fact = TIDINGS_ZERO;
    fact.kind = 12;
    fact.key = tidings_text("k");
    fact.value = tidings_text("v");
    return fact;
}

tidings_setting_t sample_setting(void) {
    tidings_setting_t fact = TIDINGS_ZERO;
    fact.id = TIDINGS_SETTING_FIREWALL;
    fact.name = tidings_text("eth0");
    fact.value = tidings_bool(1);
    return fact;
}

tidings_software_t sample_software(void) {
    tidings_software_t fact = TIDINGS_ZERO;
    fact.key_form = TIDINGS_SOFTWARE_NAMED;
    fact.key_ecosystem = TIDINGS_ECOSYSTEM_DEB;
    fact.key_name = tidings_text("nginx");
    fact.key_architecture = tidings_text("armhf");
    fact.version = tidings_text("1.2");
    fact.state = TIDINGS_SOFTWARE_STATE_STANDBY;
    fact.software_class = TIDINGS_SOFTWARE_CLASS_APPLICATION;
    fact.scheme = 16384;
    fact.digest = tidings_bytes(digest, sizeof(digest));
    fact.build_id = tidings_bytes(digest, 4);
    fact.source = tidings_text("nginx-src");
    fact.source_version = tidings_text("1.2-3");
    fact.sbom = tidings_bytes(digest, 8);
    fact.name = tidings_text("web");
    fact.architecture = tidings_text("arm");
    return fact;
}

tidings_update_t sample_update(void) {
    tidings_update_t fact = TIDINGS_ZERO;
    fact.slot = 1;
    fact.name = tidings_text("main");
    fact.state = TIDINGS_UPDATE_STATE_DOWNLOADING;
    fact.target = tidings_text("1.5.0");
    fact.percent = 40;
    fact.error = -3;
    return fact;
}

tidings_vendor_t sample_vendor(void) {
    tidings_vendor_t fact = TIDINGS_ZERO;
    fact.vendor_kind = 0x1234;
    fact.key = tidings_text("valve");
    fact.value = tidings_text("open");
    return fact;
}

tidings_account_t short_account(void) {
    tidings_account_t fact = TIDINGS_ZERO;
    fact.key_name = tidings_text("eve");
    return fact;
}

tidings_certificate_t short_certificate(void) {
    tidings_certificate_t fact = TIDINGS_ZERO;
    fact.key_slot = 4;
    return fact;
}

tidings_interface_t short_interface(void) {
    tidings_interface_t fact = TIDINGS_ZERO;
    fact.name = tidings_text("can0");
    return fact;
}

tidings_listener_t short_listener(void) {
    tidings_listener_t fact = TIDINGS_ZERO;
    fact.protocol = TIDINGS_PROTOCOL_UDP;
    fact.port = 5683;
    return fact;
}

tidings_neighbour_t short_neighbour(void) {
    tidings_neighbour_t fact = TIDINGS_ZERO;
    fact.link = TIDINGS_LINK_KIND_EUI48;
    fact.address = tidings_bytes(mac, sizeof(mac));
    return fact;
}

tidings_software_t short_software(void) {
    tidings_software_t fact = TIDINGS_ZERO;
    fact.version = tidings_text("1.4.2");
    return fact;
}

tidings_agent_item_t short_agent_item(void) {
    return sample_agent_item();
}

tidings_health_t short_health(void) {
    return sample_health();
}

tidings_identity_t short_identity(void) {
    return sample_identity();
}

tidings_raw_t short_raw(void) {
    return sample_raw();
}

tidings_setting_t short_setting(void) {
    return sample_setting();
}

tidings_update_t short_update(void) {
    return sample_update();
}

tidings_vendor_t short_vendor(void) {
    return sample_vendor();
}

tidings_event_t sample_event(void) {
    tidings_event_t event = short_event();
    event.actor = tidings_text("eve");
    return event;
}

tidings_event_t short_event(void) {
    tidings_event_t event = TIDINGS_ZERO;
    event.event_type = TIDINGS_EVENT_TEXT;
    event.severity = TIDINGS_SEVERITY_WARNING;
    event.data = tidings_text("door open");
    return event;
}

tidings_key_bytes_t sample_keys(uint8_t kid) {
    tidings_key_bytes_t keys;
    size_t at;
    keys.kid = kid;
    for (at = 0; at < sizeof(keys.up); at++) {
        keys.up[at] = (uint8_t)(at + kid);
        keys.down[at] = (uint8_t)(100 + at + kid);
    }
    for (at = 0; at < sizeof(keys.digest); at++) {
        keys.digest[at] = (uint8_t)(200 + at);
    }
    return keys;
}
