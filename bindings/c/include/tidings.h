/*
 * tidings.h: an agent for devices that sends only what changed.
 *
 * Promise: no heap, no hidden thread, no libc call. The caller owns all memory: handles (tidings_agent_t and others) are opaque words whose size
 * is known when you compile, and they live at the address where they were initialised. Every call is bounded, and says by what.
 * Not here: sockets, drivers, clocks, locks. Time and bytes come in as arguments, the agent says when to come back.
 *
 * The contract of every function:
 * - It returns TIDINGS_OK (0), another number from 0 up that says more, or a negative one: then nothing was done, unless it says otherwise.
 *   Ask `status < 0`.
 * - A pointer is read during the call and never kept, unless it says otherwise. A struct is plain data: zero is the default of each field.
 * - NULL, misaligned, never initialised, deinitialised, copied and moved handles are refused, and so are overlapping buffers and lengths past their
 *   bound. What no library can check: that a pointer which looks right is yours, and that a length is true.
 * - "Thread context": one thread or core at a time for each agent. A call from an interrupt or a callback while another call of the same agent
 *   runs is refused with TIDINGS_E_BUSY. Interrupts use a mailbox. No function blocks by itself, but some run callbacks of yours, which may:
 *   tidings_provision, tidings_start and tidings_maintain those of the epoch store; tidings_event_kept and tidings_maintain_events those of the event
 *   store; with tidings_keys_hardware, what makes and takes packets those of
 *   the suite (tidings_transmit, tidings_receive, tidings_serial_send, tidings_serial_receive). A callback returns as functions do: no longjmp, no
 *   C++ exception, no end of its thread; else the handle is BUSY for ever.
 * - Agents that share keys count their use without a lock: tidings_init, tidings_deinit and tidings_change_keys of all of them need one lock of yours.
 * - A record that is refused with TOO_LONG, TEXT or FULL makes its kind partial: the host is told that something is missing. TOO_LONG is also what
 *   would not fit a packet of the MTU.
 * - Texts are UTF-8, as pointer and length: tidings_text("...") makes one. What is over its bound is refused, never cut.
 *
 * Statuses in "Fails with" stand without their prefix TIDINGS_E_. C99, C11, C17 and C++11 or later. Licence: MIT OR Apache-2.0.
 *
 * Generated from bindings/c by `cargo xtask header`; do not edit.
 */

#ifndef TIDINGS_H
#define TIDINGS_H

#include <stddef.h>
#include <stdint.h>

/* Sizes of handles follow the width of a pointer. */
#if UINTPTR_MAX > 0xFFFFFFFF
#define TIDINGS_64_BIT 1
#endif

/* Makes every field of a struct its default: tidings_software_t app = TIDINGS_ZERO; */
#ifdef __cplusplus
#define TIDINGS_ZERO {}
#else
#define TIDINGS_ZERO {0}
#endif

/* Version of the library: major. */
#define TIDINGS_VERSION_MAJOR 0

/* Version of the library: minor. */
#define TIDINGS_VERSION_MINOR 1

/* Version of the library: patch. */
#define TIDINGS_VERSION_PATCH 0

/* Version of what travels. */
#define TIDINGS_WIRE_VERSION 1

/* Minor revision of what travels. */
#define TIDINGS_WIRE_MINOR 0

/* Version of this border: it grows whenever a struct, a size or a meaning in the header changes. `tidings_init` refuses another one. */
#define TIDINGS_ABI 1

/* Longest text or byte field of any fact, in bytes. */
#define TIDINGS_MAX_VALUE 512

/* Longest key of a fact in bytes; the shortest is 1. */
#define TIDINGS_MAX_KEY 64

/* Most entries of a list of texts. */
#define TIDINGS_MAX_LIST 16

/* Most entries of a list of addresses. */
#define TIDINGS_MAX_ADDRESSES 4

/* A serial line to a gateway or host on the desk. */
#define TIDINGS_PROFILE_SERIAL 0

/* TCP or TLS to a collector. */
#define TIDINGS_PROFILE_TCP 1

/* UDP over Ethernet or Wi-Fi. */
#define TIDINGS_PROFILE_UDP 2

/* MQTT through a broker. */
#define TIDINGS_PROFILE_MQTT 3

/* NB-IoT and other links that charge for bytes and energy. */
#define TIDINGS_PROFILE_NB_IOT 4

/* In a field whose 0 means its default: none at all. */
#define TIDINGS_NONE UINT32_MAX

/* Smallest MTU in bytes. */
#define TIDINGS_MIN_MTU 144

/* Longest packet in bytes, on any link. */
#define TIDINGS_MAX_PACKET 2304

/* Bytes that a fact takes in the table besides its key and value. */
#define TIDINGS_FACT_OVERHEAD 13

/* Bytes that an event takes besides its actor and data. */
#define TIDINGS_EVENT_OVERHEAD 17

/* Bytes that a kept event needs of the memory for events besides its actor and data, the room for any other event included. */
#define TIDINGS_KEPT_EVENT_OVERHEAD 114

/* Bytes of the table that hold no facts but the key of the fact at hand. `TIDINGS_DEVICE` adds them. */
#define TIDINGS_TABLE_OVERHEAD 64

/* Longest record of a kept event in bytes; the shortest has 21. */
#define TIDINGS_MAX_RECORD 85

/* Most records of an event store. */
#define TIDINGS_MAX_RECORDS 4096

#if defined(TIDINGS_64_BIT)
/* Words of the handle of a set of keys. */
#define TIDINGS_KEYS_WORDS 16
#endif

#if !defined(TIDINGS_64_BIT)
/* Words of the handle of a set of keys. */
#define TIDINGS_KEYS_WORDS 14
#endif

#if defined(TIDINGS_64_BIT)
/* Words of an agent's handle. */
#define TIDINGS_AGENT_WORDS 84
#endif

#if !defined(TIDINGS_64_BIT)
/* Words of an agent's handle. */
#define TIDINGS_AGENT_WORDS 66
#endif

/* The key is a name. */
#define TIDINGS_ACCOUNT_NAME 0

/* The key is a number. */
#define TIDINGS_ACCOUNT_UID 1

/* The key is the keyed hash of a name, where names must not leave the device; 8 bytes. */
#define TIDINGS_ACCOUNT_HASHED 2

/* The key is a numbered slot. */
#define TIDINGS_CERTIFICATE_SLOT 0

/* The key is a name, for example a path. */
#define TIDINGS_CERTIFICATE_NAME 1

/* The key is the first 16 bytes of the SHA-256 of a name that does not fit a key. */
#define TIDINGS_CERTIFICATE_HASHED 2

/* The key is a numbered slot. */
#define TIDINGS_SOFTWARE_SLOT 0

/* The key is a name in an ecosystem. */
#define TIDINGS_SOFTWARE_NAMED 1

/* The key is the hash of a name that does not fit a key; name and architecture are in the value. */
#define TIDINGS_SOFTWARE_HASHED 2

#if defined(TIDINGS_64_BIT)
/* Words of the handle of kept events. */
#define TIDINGS_KEPT_EVENTS_WORDS 16
#endif

#if !defined(TIDINGS_64_BIT)
/* Words of the handle of kept events. */
#define TIDINGS_KEPT_EVENTS_WORDS 12
#endif

/* Longest packet from a host, in bytes: the size of a buffer for received packets. */
#define TIDINGS_MAX_ANSWER 192

#if defined(TIDINGS_64_BIT)
/* Words of the handle of a serial line. */
#define TIDINGS_SERIAL_WORDS 20
#endif

#if !defined(TIDINGS_64_BIT)
/* Words of the handle of a serial line. */
#define TIDINGS_SERIAL_WORDS 11
#endif

/* Most bytes that one call of `tidings_serial_send` or `tidings_serial_receive` moves. */
#define TIDINGS_MAX_MOVE 65536

#if defined(TIDINGS_64_BIT)
/* Words of a mailbox's handle. */
#define TIDINGS_MAILBOX_WORDS 7
#endif

#if !defined(TIDINGS_64_BIT)
/* Words of a mailbox's handle. */
#define TIDINGS_MAILBOX_WORDS 5
#endif

/* Words of 32 bits of a message. */
#define TIDINGS_MESSAGE_WORDS 8

/* Most messages of a box. */
#define TIDINGS_MAX_MESSAGES 65536

/* Bytes of key and value, or of event type and data, that one message carries. */
#define TIDINGS_MESSAGE_ROOM 28

/* Who the device is: EAT claims, MUD URL, host name. */
#define TIDINGS_KIND_IDENTITY 0

/* What is installed. */
#define TIDINGS_KIND_SOFTWARE 1

/* Who may use it. */
#define TIDINGS_KIND_ACCOUNT 2

/* Open ports. */
#define TIDINGS_KIND_LISTENER 3

/* Who is seen on its networks. */
#define TIDINGS_KIND_NEIGHBOUR 4

/* Certificates and keys. */
#define TIDINGS_KIND_CERTIFICATE 5

/* Configuration and posture. */
#define TIDINGS_KIND_SETTING 6

/* Measurements with thresholds; volatile. */
#define TIDINGS_KIND_HEALTH 7

/* The agent about itself; volatile. */
#define TIDINGS_KIND_AGENT 8

/* Updates under way. */
#define TIDINGS_KIND_UPDATE 9

/* Network interfaces. */
#define TIDINGS_KIND_INTERFACE 10

/* All vendor kinds together; the key starts with the vendor kind, 2 bytes big-endian. */
#define TIDINGS_KIND_VENDOR 15

/* The data is UTF-8 text. */
#define TIDINGS_EVENT_TEXT 0

/* The device started. */
#define TIDINGS_EVENT_BOOT 1

/* The device is about to stop. */
#define TIDINGS_EVENT_SHUTDOWN 2

/* Somebody logged in. */
#define TIDINGS_EVENT_LOGIN 3

/* Somebody failed to log in. */
#define TIDINGS_EVENT_LOGIN_FAILED 4

/* Somebody logged out. */
#define TIDINGS_EVENT_LOGOUT 5

/* The case was opened, a probe attached, a sensor moved. */
#define TIDINGS_EVENT_TAMPER 6

/* The firmware crashed; data: PC u32le, LR u32le. */
#define TIDINGS_EVENT_CRASH 7

/* Something stored is not what was stored. */
#define TIDINGS_EVENT_INTEGRITY_FAILURE 8

/* A store failed. */
#define TIDINGS_EVENT_STORAGE_FAULT 9

/* Somebody changed the configuration. */
#define TIDINGS_EVENT_CONFIGURATION_CHANGED 10

/* An update ended. */
#define TIDINGS_EVENT_UPDATE_RESULT 11

/* A network was joined. */
#define TIDINGS_EVENT_NETWORK_ATTACHED 12

/* A network was left. */
#define TIDINGS_EVENT_NETWORK_DETACHED 13

/* The clock was set. */
#define TIDINGS_EVENT_CLOCK_STEPPED 14

/* The watchdog fired. */
#define TIDINGS_EVENT_WATCHDOG 15

/* A debugger was attached. */
#define TIDINGS_EVENT_DEBUGGER_ATTACHED 16

/* A connection was refused by policy. */
#define TIDINGS_EVENT_CONNECTION_BLOCKED 17

/* Memory, disk or handles ran out. */
#define TIDINGS_EVENT_RESOURCE_EXHAUSTED 18

/* Reporting was switched off or on by the user. */
#define TIDINGS_EVENT_REPORTING_SWITCHED 19

/* An unknown device was seen. */
#define TIDINGS_EVENT_UNKNOWN_DEVICE 20

/* Good to know; syslog 6. */
#define TIDINGS_SEVERITY_INFO 0

/* Normal but significant; syslog 5. */
#define TIDINGS_SEVERITY_NOTICE 1

/* Look at it; syslog 4. */
#define TIDINGS_SEVERITY_WARNING 2

/* Act on it; syslog 2. */
#define TIDINGS_SEVERITY_CRITICAL 3

/* Not known. */
#define TIDINGS_BOOT_REASON_UNKNOWN 0

/* Power came on. */
#define TIDINGS_BOOT_REASON_POWER_ON 1

/* The supply dipped. */
#define TIDINGS_BOOT_REASON_BROWN_OUT 2

/* The reset pin. */
#define TIDINGS_BOOT_REASON_RESET_PIN 3

/* The firmware asked for it. */
#define TIDINGS_BOOT_REASON_SOFTWARE 4

/* The watchdog. */
#define TIDINGS_BOOT_REASON_WATCHDOG 5

/* A fault or lock-up. */
#define TIDINGS_BOOT_REASON_FAULT 6

/* Wake from a sleep that loses RAM. */
#define TIDINGS_BOOT_REASON_WAKE 7

/* New firmware. */
#define TIDINGS_BOOT_REASON_UPDATE 8

/* A debugger. */
#define TIDINGS_BOOT_REASON_DEBUGGER 9

/* A numbered firmware slot. */
#define TIDINGS_ECOSYSTEM_SLOT 0

/* A component that the vendor names. */
#define TIDINGS_ECOSYSTEM_COMPONENT 1

/* Debian packages. */
#define TIDINGS_ECOSYSTEM_DEB 2

/* RPM packages. */
#define TIDINGS_ECOSYSTEM_RPM 3

/* Alpine packages. */
#define TIDINGS_ECOSYSTEM_APK 4

/* OpenWrt packages. */
#define TIDINGS_ECOSYSTEM_OPKG 5

/* Snaps. */
#define TIDINGS_ECOSYSTEM_SNAP 6

/* Flatpaks. */
#define TIDINGS_ECOSYSTEM_FLATPAK 7

/* Container images. */
#define TIDINGS_ECOSYSTEM_OCI 8

/* Python packages. */
#define TIDINGS_ECOSYSTEM_PYPI 9

/* JavaScript packages. */
#define TIDINGS_ECOSYSTEM_NPM 10

/* Rust crates. */
#define TIDINGS_ECOSYSTEM_CARGO 11

/* Go modules. */
#define TIDINGS_ECOSYSTEM_GOLANG 12

/* Java packages. */
#define TIDINGS_ECOSYSTEM_MAVEN 13

/* The operating system or its kernel. */
#define TIDINGS_ECOSYSTEM_OS 14

/* In use. */
#define TIDINGS_SOFTWARE_STATE_ACTIVE 0

/* Kept for a roll-back. */
#define TIDINGS_SOFTWARE_STATE_STANDBY 1

/* Waiting for a reboot. */
#define TIDINGS_SOFTWARE_STATE_STAGED 2

/* Did not start. */
#define TIDINGS_SOFTWARE_STATE_FAILED 3

/* Installed, switched off. */
#define TIDINGS_SOFTWARE_STATE_DISABLED 4

/* Not stated. */
#define TIDINGS_SOFTWARE_CLASS_UNSPECIFIED 0

/* A firmware image. */
#define TIDINGS_SOFTWARE_CLASS_FIRMWARE 1

/* A boot loader. */
#define TIDINGS_SOFTWARE_CLASS_BOOTLOADER 2

/* An operating system. */
#define TIDINGS_SOFTWARE_CLASS_OPERATING_SYSTEM 3

/* A kernel. */
#define TIDINGS_SOFTWARE_CLASS_KERNEL 4

/* An application. */
#define TIDINGS_SOFTWARE_CLASS_APPLICATION 5

/* A library. */
#define TIDINGS_SOFTWARE_CLASS_LIBRARY 6

/* A driver. */
#define TIDINGS_SOFTWARE_CLASS_DRIVER 7

/* A modem's firmware. */
#define TIDINGS_SOFTWARE_CLASS_MODEM 8

/* Data or configuration. */
#define TIDINGS_SOFTWARE_CLASS_DATA 9

/* None under way. */
#define TIDINGS_UPDATE_STATE_IDLE 0

/* Offered. */
#define TIDINGS_UPDATE_STATE_AVAILABLE 1

/* Being fetched. */
#define TIDINGS_UPDATE_STATE_DOWNLOADING 2

/* Being checked. */
#define TIDINGS_UPDATE_STATE_VERIFYING 3

/* Waiting for a reboot. */
#define TIDINGS_UPDATE_STATE_STAGED 4

/* About to reboot into it. */
#define TIDINGS_UPDATE_STATE_REBOOTING 5

/* Runs and was confirmed. */
#define TIDINGS_UPDATE_STATE_CONFIRMED 6

/* The old one runs again. */
#define TIDINGS_UPDATE_STATE_ROLLED_BACK 7

/* Given up. */
#define TIDINGS_UPDATE_STATE_FAILED 8

/* May do everything. */
#define TIDINGS_ROLES_ADMINISTRATOR 1

/* May log in. */
#define TIDINGS_ROLES_LOGIN 2

/* May come from a network. */
#define TIDINGS_ROLES_REMOTE 4

/* Belongs to a program. */
#define TIDINGS_ROLES_SERVICE 8

/* May operate, not configure. */
#define TIDINGS_ROLES_OPERATOR 16

/* May be used. */
#define TIDINGS_ACCOUNT_FLAGS_ENABLED 1

/* Has a password. */
#define TIDINGS_ACCOUNT_FLAGS_PASSWORD_SET 2

/* Still has the password that it was shipped with (ETSI EN 303 645, 5.1). */
#define TIDINGS_ACCOUNT_FLAGS_DEFAULT_PASSWORD 4

/* Locked. */
#define TIDINGS_ACCOUNT_FLAGS_LOCKED 8

/* Expired. */
#define TIDINGS_ACCOUNT_FLAGS_EXPIRED 16

/* Lets anybody in. */
#define TIDINGS_ACCOUNT_FLAGS_EMPTY_PASSWORD 32

/* Not known. */
#define TIDINGS_CREDENTIAL_UNKNOWN 0

/* A password. */
#define TIDINGS_CREDENTIAL_PASSWORD 1

/* A public key. */
#define TIDINGS_CREDENTIAL_PUBLIC_KEY 2

/* A certificate. */
#define TIDINGS_CREDENTIAL_CERTIFICATE 3

/* A token. */
#define TIDINGS_CREDENTIAL_TOKEN 4

/* Nothing: nobody can log in. */
#define TIDINGS_CREDENTIAL_NONE 5

/* A certificate of the device. */
#define TIDINGS_CERTIFICATE_TYPE_CERTIFICATE 0

/* A certificate that the device trusts. */
#define TIDINGS_CERTIFICATE_TYPE_TRUST_ANCHOR 1

/* An SSH key. */
#define TIDINGS_CERTIFICATE_TYPE_SSH_KEY 2

/* A key shared with a peer. */
#define TIDINGS_CERTIFICATE_TYPE_PRE_SHARED_KEY 3

/* A bare key pair. */
#define TIDINGS_CERTIFICATE_TYPE_KEY_PAIR 4

/* Not stated. */
#define TIDINGS_KEY_KIND_UNSTATED 0

/* RSA. */
#define TIDINGS_KEY_KIND_RSA 1

/* NIST P-256. */
#define TIDINGS_KEY_KIND_EC_P256 2

/* NIST P-384. */
#define TIDINGS_KEY_KIND_EC_P384 3

/* NIST P-521. */
#define TIDINGS_KEY_KIND_EC_P521 4

/* Ed25519. */
#define TIDINGS_KEY_KIND_ED25519 5

/* Ed448. */
#define TIDINGS_KEY_KIND_ED448 6

/* A symmetric key. */
#define TIDINGS_KEY_KIND_SYMMETRIC 7

/* Neither. */
#define TIDINGS_CERTIFICATE_ROLE_NONE 0

/* Initial device identity, from the factory. */
#define TIDINGS_CERTIFICATE_ROLE_IDEVID 1

/* Locally significant identity, from the owner. */
#define TIDINGS_CERTIFICATE_ROLE_LDEVID 2

/* digitalSignature. */
#define TIDINGS_KEY_USAGE_DIGITAL_SIGNATURE 1

/* nonRepudiation. */
#define TIDINGS_KEY_USAGE_NON_REPUDIATION 2

/* keyEncipherment. */
#define TIDINGS_KEY_USAGE_KEY_ENCIPHERMENT 4

/* dataEncipherment. */
#define TIDINGS_KEY_USAGE_DATA_ENCIPHERMENT 8

/* keyAgreement. */
#define TIDINGS_KEY_USAGE_KEY_AGREEMENT 16

/* keyCertSign. */
#define TIDINGS_KEY_USAGE_KEY_CERT_SIGN 32

/* cRLSign. */
#define TIDINGS_KEY_USAGE_CRL_SIGN 64

/* encipherOnly. */
#define TIDINGS_KEY_USAGE_ENCIPHER_ONLY 128

/* decipherOnly. */
#define TIDINGS_KEY_USAGE_DECIPHER_ONLY 256

/* id-kp-serverAuth. */
#define TIDINGS_KEY_USAGE_SERVER_AUTH 65536

/* id-kp-clientAuth. */
#define TIDINGS_KEY_USAGE_CLIENT_AUTH 131072

/* id-kp-codeSigning. */
#define TIDINGS_KEY_USAGE_CODE_SIGNING 262144

/* TCP. */
#define TIDINGS_PROTOCOL_TCP 6

/* UDP. */
#define TIDINGS_PROTOCOL_UDP 17

/* SCTP. */
#define TIDINGS_PROTOCOL_SCTP 132

/* Not IP: a radio service or a local console, named by the interface. */
#define TIDINGS_PROTOCOL_LOCAL 255

/* Reachable from the device itself only. */
#define TIDINGS_LISTENER_FLAGS_LOOPBACK 1

/* Encrypts. */
#define TIDINGS_LISTENER_FLAGS_ENCRYPTED 2

/* Asks who is there. */
#define TIDINGS_LISTENER_FLAGS_AUTHENTICATED 4

/* Ethernet, Wi-Fi: 6 bytes. */
#define TIDINGS_LINK_KIND_EUI48 1

/* IEEE 802.15.4: 8 bytes. */
#define TIDINGS_LINK_KIND_EUI64 2

/* Bluetooth public: 6 bytes. */
#define TIDINGS_LINK_KIND_BLUETOOTH_PUBLIC 3

/* Bluetooth random: 6 bytes. */
#define TIDINGS_LINK_KIND_BLUETOOTH_RANDOM 4

/* No link address: 4 or 16 bytes of IP. */
#define TIDINGS_LINK_KIND_IP 5

/* Keyed hash, where addresses must not leave the device: 8 bytes. */
#define TIDINGS_LINK_KIND_HASHED 255

/* Seen. */
#define TIDINGS_NEIGHBOUR_STATE_SEEN 0

/* Configured. */
#define TIDINGS_NEIGHBOUR_STATE_PERMANENT 1

/* Bonded or paired. */
#define TIDINGS_NEIGHBOUR_STATE_BONDED 2

/* Blocked. */
#define TIDINGS_NEIGHBOUR_STATE_BLOCKED 3

/* Not stated. */
#define TIDINGS_LINK_SECURITY_UNSTATED 0

/* Not at all. */
#define TIDINGS_LINK_SECURITY_NONE 1

/* Encrypted, peer not verified. */
#define TIDINGS_LINK_SECURITY_UNAUTHENTICATED 2

/* Encrypted, peer verified. */
#define TIDINGS_LINK_SECURITY_AUTHENTICATED 3

/* Something else. */
#define TIDINGS_INTERFACE_TYPE_OTHER 0

/* Ethernet. */
#define TIDINGS_INTERFACE_TYPE_ETHERNET 1

/* Wi-Fi. */
#define TIDINGS_INTERFACE_TYPE_WIFI 2

/* A mobile network. */
#define TIDINGS_INTERFACE_TYPE_CELLULAR 3

/* Bluetooth. */
#define TIDINGS_INTERFACE_TYPE_BLUETOOTH 4

/* IEEE 802.15.4: Thread, Zigbee. */
#define TIDINGS_INTERFACE_TYPE_IEEE802154 5

/* LoRa. */
#define TIDINGS_INTERFACE_TYPE_LORA 6

/* CAN. */
#define TIDINGS_INTERFACE_TYPE_CAN 7

/* A serial line. */
#define TIDINGS_INTERFACE_TYPE_SERIAL 8

/* The device itself. */
#define TIDINGS_INTERFACE_TYPE_LOOPBACK 9

/* A tunnel or VPN. */
#define TIDINGS_INTERFACE_TYPE_TUNNEL 10

/* A bridge. */
#define TIDINGS_INTERFACE_TYPE_BRIDGE 11

/* A VLAN. */
#define TIDINGS_INTERFACE_TYPE_VLAN 12

/* Virtual Ethernet and the like. */
#define TIDINGS_INTERFACE_TYPE_VIRTUAL 13

/* Not stated. */
#define TIDINGS_RADIO_UNSTATED 0

/* GSM. */
#define TIDINGS_RADIO_GSM 1

/* UMTS. */
#define TIDINGS_RADIO_UMTS 2

/* LTE. */
#define TIDINGS_RADIO_LTE 3

/* LTE-M. */
#define TIDINGS_RADIO_LTE_M 4

/* NB-IoT. */
#define TIDINGS_RADIO_NB_IOT 5

/* 5G. */
#define TIDINGS_RADIO_NR 6

/* Administratively up. */
#define TIDINGS_INTERFACE_FLAGS_UP 1

/* Has a carrier. */
#define TIDINGS_INTERFACE_FLAGS_RUNNING 2

/* Traffic costs money. */
#define TIDINGS_INTERFACE_FLAGS_METERED 4

/* Universal entity id. */
#define TIDINGS_CLAIM_UEID 0

/* Manufacturer id. */
#define TIDINGS_CLAIM_OEM_ID 2

/* Hardware model. */
#define TIDINGS_CLAIM_HARDWARE_MODEL 3

/* Hardware version. */
#define TIDINGS_CLAIM_HARDWARE_VERSION 4

/* Debug status. */
#define TIDINGS_CLAIM_DEBUG_STATUS 7

/* Name of the main software. */
#define TIDINGS_CLAIM_SOFTWARE_NAME 14

/* Version of the main software. */
#define TIDINGS_CLAIM_SOFTWARE_VERSION 15

/* Where the MUD file is (RFC 8520). */
#define TIDINGS_CLAIM_MUD_URL 256

/* Serial number. */
#define TIDINGS_CLAIM_SERIAL_NUMBER 257

/* Vendor's name. */
#define TIDINGS_CLAIM_VENDOR_NAME 258

/* Model's name. */
#define TIDINGS_CLAIM_MODEL_NAME 259

/* Name of the operating system. */
#define TIDINGS_CLAIM_OS_NAME 260

/* Version of the operating system. */
#define TIDINGS_CLAIM_OS_VERSION 261

/* Release of the kernel. */
#define TIDINGS_CLAIM_KERNEL_RELEASE 262

/* Host name. */
#define TIDINGS_CLAIM_HOST_NAME 263

/* Processor architecture. */
#define TIDINGS_CLAIM_ARCHITECTURE 264

/* Named by the vendor. */
#define TIDINGS_SETTING_NAMED 0

/* Only signed code starts. */
#define TIDINGS_SETTING_SECURE_BOOT 1

/* The debug port is closed. */
#define TIDINGS_SETTING_DEBUG_LOCK 2

/* Flash is encrypted. */
#define TIDINGS_SETTING_FLASH_ENCRYPTION 3

/* Oldest version that may start. */
#define TIDINGS_SETTING_ROLLBACK_COUNTER 4

/* SSH is on. */
#define TIDINGS_SETTING_SSH 5

/* Telnet is on. */
#define TIDINGS_SETTING_TELNET 6

/* Web administration is on. */
#define TIDINGS_SETTING_WEB_ADMINISTRATION 7

/* A firewall is on. */
#define TIDINGS_SETTING_FIREWALL 8

/* Where time comes from. */
#define TIDINGS_SETTING_TIME_SERVER 9

/* Updates install themselves. */
#define TIDINGS_SETTING_AUTOMATIC_UPDATE 10

/* Where updates come from. */
#define TIDINGS_SETTING_UPDATE_SOURCE 11

/* How Wi-Fi is secured. */
#define TIDINGS_SETTING_WIFI_SECURITY 12

/* Accepts new pairings. */
#define TIDINGS_SETTING_PAIRING_MODE 13

/* USB is on. */
#define TIDINGS_SETTING_USB 14

/* Name server. */
#define TIDINGS_SETTING_DNS_SERVER 15

/* Default gateway. */
#define TIDINGS_SETTING_DEFAULT_GATEWAY 16

/* How much is logged. */
#define TIDINGS_SETTING_LOG_LEVEL 17

/* Forwards packets. */
#define TIDINGS_SETTING_IP_FORWARDING 18

/* Remote management is on. */
#define TIDINGS_SETTING_REMOTE_MANAGEMENT 19

/* Regulatory country. */
#define TIDINGS_SETTING_COUNTRY_CODE 20

/* Named by the vendor. */
#define TIDINGS_METRIC_NAMED 0

/* Free memory. */
#define TIDINGS_METRIC_MEMORY_FREE 1

/* Free disk. */
#define TIDINGS_METRIC_DISK_FREE 2

/* Processor load. */
#define TIDINGS_METRIC_CPU_LOAD 3

/* Temperature. */
#define TIDINGS_METRIC_TEMPERATURE 4

/* Battery charge. */
#define TIDINGS_METRIC_BATTERY 5

/* Supply voltage. */
#define TIDINGS_METRIC_SUPPLY_VOLTAGE 6

/* Signal strength. */
#define TIDINGS_METRIC_SIGNAL_STRENGTH 7

/* Uptime. */
#define TIDINGS_METRIC_UPTIME 8

/* Flash wear. */
#define TIDINGS_METRIC_FLASH_WEAR 9

/* Free stack. */
#define TIDINGS_METRIC_STACK_FREE 10

/* Free heap. */
#define TIDINGS_METRIC_HEAP_FREE 11

/* Errors per time. */
#define TIDINGS_METRIC_ERROR_RATE 12

/* A temperature limit was reached. */
#define TIDINGS_METRIC_TEMPERATURE_LIMIT 13

/* None. */
#define TIDINGS_UNIT_NONE 0

/* Percent. */
#define TIDINGS_UNIT_PERCENT 1

/* Bytes. */
#define TIDINGS_UNIT_BYTE 2

/* Seconds. */
#define TIDINGS_UNIT_SECOND 3

/* Degrees Celsius. */
#define TIDINGS_UNIT_CELSIUS 4

/* Volts. */
#define TIDINGS_UNIT_VOLT 5

/* Amperes. */
#define TIDINGS_UNIT_AMPERE 6

/* Watts. */
#define TIDINGS_UNIT_WATT 7

/* Decibel-milliwatts. */
#define TIDINGS_UNIT_DBM 8

/* Ratio. */
#define TIDINGS_UNIT_RATIO 9

/* A count. */
#define TIDINGS_UNIT_COUNT 10

/* Hertz. */
#define TIDINGS_UNIT_HERTZ 11

/* Percent relative humidity. */
#define TIDINGS_UNIT_HUMIDITY 12

/* Pascals. */
#define TIDINGS_UNIT_PASCAL 13

/* It has none. */
#define TIDINGS_THRESHOLD_NONE 0

/* Within them. */
#define TIDINGS_THRESHOLD_NORMAL 1

/* Past the first. */
#define TIDINGS_THRESHOLD_WARNING 2

/* Past the last. */
#define TIDINGS_THRESHOLD_CRITICAL 3

/* State of a kind's source: see [`Coverage`]. */
#define TIDINGS_AGENT_ITEM_COVERAGE 1

/* Facts refused because the table was full. */
#define TIDINGS_AGENT_ITEM_FACTS_DROPPED 2

/* Changes that were coalesced away in a range-replace. */
#define TIDINGS_AGENT_ITEM_CHANGES_LOST 3

/* Events dropped, by severity. */
#define TIDINGS_AGENT_ITEM_EVENTS_LOST 4

/* Failures of the epoch store. */
#define TIDINGS_AGENT_ITEM_EPOCH_FAULTS 5

/* Stack high water in bytes. */
#define TIDINGS_AGENT_ITEM_STACK_HIGH_WATER 6

/* Epochs that had to be skipped because the host knew newer ones. */
#define TIDINGS_AGENT_ITEM_ROLLBACKS 7

/* A collector other than the last one answered. */
#define TIDINGS_AGENT_ITEM_FOREIGN_COLLECTOR 8

/* Downlink packets refused. */
#define TIDINGS_AGENT_ITEM_PACKETS_REFUSED 9

/* Its source has not finished for the first time. */
#define TIDINGS_COVERAGE_LOADING 0

/* Everything there is. */
#define TIDINGS_COVERAGE_COMPLETE 1

/* Something did not fit. */
#define TIDINGS_COVERAGE_PARTIAL 2

/* Its source failed. */
#define TIDINGS_COVERAGE_FAILED 3

/* Switched off. */
#define TIDINGS_COVERAGE_OFF 4

/* The device cannot tell. */
#define TIDINGS_SCALAR_UNKNOWN 0

/* The device has no such thing. */
#define TIDINGS_SCALAR_UNSUPPORTED 1

/* On or off, in `number`: 0 or 1. */
#define TIDINGS_SCALAR_BOOL 2

/* A number, in `number`. */
#define TIDINGS_SCALAR_INT 3

/* One of a list that the key implies, in `number`: 0 to `UINT32_MAX`. */
#define TIDINGS_SCALAR_ENUM 4

/* Text, in `bytes`. */
#define TIDINGS_SCALAR_TEXT 5

/* Opaque bytes, in `bytes`. */
#define TIDINGS_SCALAR_BYTES 6

/* A keyed hash of a secret, in `bytes`: tells that it changed, not what it is. */
#define TIDINGS_SCALAR_HASH 7

/* What a call did: `TIDINGS_OK`, another number from 0 up that says more, or a negative number: nothing was done. */
typedef int32_t tidings_status_t;

/* Memory for one number, as two callbacks. They may block; they must not call anything of the same agent (it answers `TIDINGS_E_BUSY`). */
typedef struct tidings_epoch_store_t {
    /* Handed to both callbacks. */
    void *ctx;
    /*
     * Sets `*epoch` to the last number that was stored, or may have been, and returns `TIDINGS_OK`; returns `TIDINGS_BLANK` if there never was
     * one, anything else if the memory failed.
     */
    tidings_status_t (*load)(void *ctx, uint32_t *epoch);
    /* Stores `epoch`, which is above all before, and returns `TIDINGS_OK` when it would survive a power cut; anything else: it failed. */
    tidings_status_t (*append)(void *ctx, uint32_t epoch);
} tidings_epoch_store_t;

/*
 * A set of keys and the suite that uses them, in memory of the caller. Its contents are private, and secret.
 *
 * It lives at the address where it was initialised, at least as long as the agents that use it.
 */
typedef struct tidings_keys_t {
    uint64_t _private[TIDINGS_KEYS_WORDS];
} tidings_keys_t;

/* The keys of one device as `tidings-collector keys export` writes them: 81 bytes, no padding. */
typedef struct tidings_key_bytes_t {
    /* The key id, at most 127. */
    uint8_t kid;
    /* Seals what the device sends. */
    uint8_t up[32];
    /* Opens what it receives; begins with other bytes than `up`. */
    uint8_t down[32];
    /* Of the digests; it does not rotate. */
    uint8_t digest[16];
} tidings_key_bytes_t;

/* A suite of the vendor's own. The callbacks run inside transmit and receive; they must not call anything of the same agent. */
typedef struct tidings_suite_t {
    /* Handed to both callbacks. */
    void *ctx;
    /*
     * Encrypts `body` in place and writes `check_len` bytes to `check`; returns `TIDINGS_OK`, or anything else: the packet is
     * then zeroed, and the call that asked for it gives `TIDINGS_E_SEAL`.
     */
    tidings_status_t (*seal)(void *ctx,
                             const uint8_t *nonce,
                             const uint8_t *clear,
                             size_t clear_len,
                             uint8_t *body,
                             size_t body_len,
                             uint8_t *check);
    /* Verifies `check` in constant time, then decrypts `body` in place; returns `TIDINGS_OK`, or anything else: the packet is refused. */
    tidings_status_t (*open)(void *ctx,
                             const uint8_t *nonce,
                             const uint8_t *clear,
                             size_t clear_len,
                             uint8_t *body,
                             size_t body_len,
                             const uint8_t *check);
    /* Bytes of the check: 4 to 16. */
    uint8_t check_len;
    /* The key id, at most 127. */
    uint8_t kid;
    /* The key of the digests. */
    uint8_t digest[16];
} tidings_suite_t;

/*
 * An agent, in memory of the caller: a `static`, or whatever lives as long. Its contents are private.
 *
 * It lives at the address where it was initialised: a copy or a moved one is refused. Memory that outlives a reset (`.noinit`) must be zeroed
 * before `tidings_init`. One core or thread at a time; a call from an interrupt or a callback during another call is refused with
 * `TIDINGS_E_BUSY` (interrupts use a mailbox).
 */
typedef struct tidings_agent_t {
    uint64_t _private[TIDINGS_AGENT_WORDS];
} tidings_agent_t;

/*
 * Bytes or UTF-8 text of the caller, read during the call and never kept. No terminating NUL is needed or counted; zero is the empty one.
 *
 * `tidings_text` makes one of a NUL-terminated string, `tidings_bytes` of anything else.
 */
typedef struct tidings_bytes_t {
    /* The first byte; may be NULL if `len` is 0. */
    const void *ptr;
    /* How many there are. */
    size_t len;
} tidings_bytes_t;

/*
 * Everything that `tidings_init` needs. `tidings_config` gives one with sizes and memory filled in and the rest at its default, which is zero.
 */
typedef struct tidings_config_t {
    /* `sizeof(tidings_config_t)`: tells a header of another version. */
    uint32_t struct_size;
    /* `TIDINGS_ABI`. */
    uint32_t abi;
    /*
     * Memory for facts; the agent owns it until `tidings_deinit`. A fact takes `TIDINGS_FACT_BYTES(key, value)` of it; `TIDINGS_TABLE_OVERHEAD`
     * bytes hold none.
     */
    void *table;
    /* Bytes of `table`, at least `TIDINGS_TABLE_OVERHEAD`. */
    size_t table_len;
    /* Memory for events; the agent owns it until `tidings_deinit`. An event takes `TIDINGS_EVENT_BYTES(actor, data)` of it. */
    void *events;
    /* Bytes of `events`. */
    size_t events_len;
    /* Who the device is: 1 to 16 bytes, for example a fuse UID or an IMEI; copied. The only field without a default. */
    tidings_bytes_t id;
    /* Keys that seal the packets, in use until `tidings_deinit`; NULL for the plain suite, on trusted wires and inside TLS. */
    tidings_keys_t *keys;
    /* Kinds whose source fills them after boot, `TIDINGS_KIND_BIT(kind)` of each: Hello waits for them, at most `load_ms`. */
    uint32_t expected;
    /* The firmware's own revision of what it records. */
    uint32_t schema_rev;
    /* How long Hello waits for expected kinds, in ms; 0: 30 s, `TIDINGS_NONE`: not at all. */
    uint32_t load_ms;
    /* A fact that changes again within it waits for its end, in ms; 0: 1 s, `TIDINGS_NONE`: none. */
    uint32_t hold_down_ms;
    /* Resets that the firmware counted. */
    uint32_t resets;
    /* Why the device started: `TIDINGS_BOOT_REASON_...`. */
    uint8_t boot_reason;
    /* 0: no event at start; else one, as `TIDINGS_BOOT_EVENT(TIDINGS_SEVERITY_NOTICE)`. */
    uint8_t boot_event;
    /* 1: the transport names the device, packets leave its id out. */
    uint8_t hide_id;
    /* 1: the link cannot answer; needs a library with `one-way`. */
    uint8_t one_way;
    /* `TIDINGS_PROFILE_...`: the kind of link, which the following fields may adjust. */
    uint8_t profile;
    /* Longest packet in bytes; 0: the profile's. */
    uint16_t mtu;
    /* First retransmission time-out in ms; 0: the profile's. */
    uint32_t start_rto_ms;
    /* Longest pause between retries in ms; 0: the profile's. */
    uint32_t cap_ms;
    /* Time without news after which a Beat is sent, in ms; 0: the profile's. */
    uint32_t beat_ms;
    /* The first Hello waits a uniform part of this, in ms; 0: the profile's, `TIDINGS_NONE`: it does not wait. */
    uint32_t spread_ms;
    /* Bytes an hour, averaged; 0: the profile's, `TIDINGS_NONE`: no limit. */
    uint32_t bytes_per_hour;
} tidings_config_t;

/* Something that happened. */
typedef struct tidings_event_t {
    /* What: `TIDINGS_EVENT_...`, or the vendor's from 0x8000 up. */
    uint16_t event_type;
    /* How much it matters: `TIDINGS_SEVERITY_...`. */
    uint8_t severity;
    /* Who caused it: at most 16 bytes. */
    tidings_bytes_t actor;
    /* Details: at most 48 bytes. */
    tidings_bytes_t data;
} tidings_event_t;

/* An account. */
typedef struct tidings_account_t {
    /* Key: `TIDINGS_ACCOUNT_NAME`, `_UID` or `_HASHED`, which says which fields of the key count. */
    uint8_t key_form;
    /* What opens it: `TIDINGS_CREDENTIAL_...`. */
    uint8_t credential;
    /* Groups left out of the list. */
    uint16_t more_groups;
    /* Key, by number: its number. */
    uint32_t key_uid;
    /* Key, by name: its name; hashed: 8 bytes. */
    tidings_bytes_t key_name;
    /* Key: where it is defined; empty: the operating system, or the device's only place. */
    tidings_bytes_t key_realm;
    /* What it may do: `TIDINGS_ROLES_...`. */
    uint32_t roles;
    /* How it is secured: `TIDINGS_ACCOUNT_FLAGS_...`. */
    uint32_t flags;
    /* Its number; 0: root, or not stated. */
    uint32_t uid;
    /* Groups that it belongs to; NULL if there is none. */
    const tidings_bytes_t *groups;
    /* How many there are, at most `TIDINGS_MAX_LIST`. */
    size_t group_count;
    /* Its login shell. */
    tidings_bytes_t shell;
    /* A label, where the key is not its name. */
    tidings_bytes_t name;
} tidings_account_t;

/*
 * A mailbox, in memory of the caller; `TIDINGS_MAILBOX` declares one with its messages. Its contents are private.
 *
 * One producer, an interrupt level or a thread, and one consumer, the thread that drains it. Two of either need two mailboxes, or a lock.
 */
typedef struct tidings_mailbox_t {
    uint64_t _private[TIDINGS_MAILBOX_WORDS];
} tidings_mailbox_t;

/* A number about the agent. */
typedef struct tidings_agent_item_t {
    /* Key: which one, `TIDINGS_AGENT_ITEM_...`. */
    uint8_t item;
    /* Key: a kind or a severity, where the item has one for each. */
    uint8_t arg;
    /* How many, or which state. */
    uint64_t value;
} tidings_agent_item_t;

/* A certificate or key. */
typedef struct tidings_certificate_t {
    /* Key: `TIDINGS_CERTIFICATE_SLOT`, `_NAME` or `_HASHED`, which says which fields of the key count. */
    uint8_t key_form;
    /* What it is: `TIDINGS_CERTIFICATE_TYPE_...`. */
    uint8_t certificate_type;
    /* Key, by number: the slot. */
    uint16_t key_slot;
    /* Key: which one in a bundle. */
    uint16_t key_index;
    /* Size of its key in bits. */
    uint16_t key_bits;
    /* Key, by name: the name; hashed: 16 bytes. */
    tidings_bytes_t key_name;
    /* Prefix of the SHA-256 of its DER, 0 to 32 bytes. */
    tidings_bytes_t fingerprint;
    /* End of validity, Unix time in s. */
    int64_t not_after;
    /* Start of validity, Unix time in s. */
    int64_t not_before;
    /* Whose it is. */
    tidings_bytes_t subject;
    /* Who issued it. */
    tidings_bytes_t issuer;
    /* Serial number, big-endian. */
    tidings_bytes_t serial;
    /* What it may be used for: `TIDINGS_KEY_USAGE_...`. */
    uint32_t usage;
    /* Algorithm of its key: `TIDINGS_KEY_KIND_...`. */
    uint8_t key_kind;
    /* Its role as a device identity: `TIDINGS_CERTIFICATE_ROLE_...`. */
    uint8_t role;
    /* A label, or the name behind a hashed key. */
    tidings_bytes_t label;
} tidings_certificate_t;

/* A measurement: `value` x 10^`exponent` `unit`. */
typedef struct tidings_health_t {
    /* Key: which one, `TIDINGS_METRIC_...`; `TIDINGS_METRIC_NAMED` for the vendor's own. */
    uint16_t metric;
    /* Power of ten that the value is multiplied by. */
    int8_t exponent;
    /* Its unit: `TIDINGS_UNIT_...`. */
    uint8_t unit;
    /* Where it lies against its thresholds, `TIDINGS_THRESHOLD_...`; `tidings_sample_health` sets it by itself. */
    uint8_t state;
    /* Key: a vendor metric's name; empty for numbered ones. */
    tidings_bytes_t name;
    /* Key: which one of several: a disk, a core, a sensor. */
    tidings_bytes_t instance;
    /* The number. */
    int64_t value;
} tidings_health_t;

/* When a measurement is worth telling, in its own unit. Limits may lie above or below the normal values. */
typedef struct tidings_limits_t {
    /* Past it the state is `TIDINGS_THRESHOLD_WARNING`. */
    int64_t warning;
    /* Past it the state is `TIDINGS_THRESHOLD_CRITICAL`. */
    int64_t critical;
    /* How far a value must come back before its state improves. */
    int64_t hysteresis;
    /* A value that moved no further than this, with its state unchanged, is not recorded. */
    int64_t dead_band;
} tidings_limits_t;

/* One simple value with its type; all zero is "unknown". `tidings_bool`, `tidings_int`, `tidings_enum` and `tidings_scalar` make one. */
typedef struct tidings_scalar_t {
    /* `TIDINGS_SCALAR_...`, which says which of the other two counts. */
    uint8_t scalar_type;
    /* Of a bool, int or enum. */
    int64_t number;
    /* Of a text, bytes or hash. */
    tidings_bytes_t bytes;
} tidings_scalar_t;

/* A claim: EAT (RFC 9711), MUD URL, host name. */
typedef struct tidings_identity_t {
    /* Key: which one, `TIDINGS_CLAIM_...`. */
    uint16_t claim;
    /* What it says. */
    tidings_scalar_t value;
} tidings_identity_t;

/* A network interface. */
typedef struct tidings_interface_t {
    /* What it is: `TIDINGS_INTERFACE_TYPE_...`. */
    uint8_t interface_type;
    /* Radio technology: `TIDINGS_RADIO_...`. */
    uint8_t radio;
    /* Addresses left out of the list. */
    uint16_t more_addresses;
    /* Whether it is up: `TIDINGS_INTERFACE_FLAGS_...`. */
    uint32_t flags;
    /* Key: its name. */
    tidings_bytes_t name;
    /* Its link address. */
    tidings_bytes_t link;
    /* Its IP addresses, 4 or 16 bytes each; NULL if there is none. */
    const tidings_bytes_t *addresses;
    /* How many there are, at most `TIDINGS_MAX_ADDRESSES`. */
    size_t address_count;
    /* Name of the network that it joined: an SSID, an operator. */
    tidings_bytes_t network;
    /* Cell or access point. */
    tidings_bytes_t cell;
} tidings_interface_t;

/* An open port. */
typedef struct tidings_listener_t {
    /* Key: IANA protocol number, `TIDINGS_PROTOCOL_...`. */
    uint8_t protocol;
    /* Key: port number. */
    uint16_t port;
    /* How it is guarded: `TIDINGS_LISTENER_FLAGS_...`. */
    uint32_t flags;
    /* Key: local address, 4 or 16 bytes; empty: any, or not stated. */
    tidings_bytes_t address;
    /* Key: interface that it is bound to; empty: any. */
    tidings_bytes_t iface;
    /* The program that listens. */
    tidings_bytes_t owner;
    /* The account that it runs under. */
    tidings_bytes_t account;
} tidings_listener_t;

/* A device seen on a network. */
typedef struct tidings_neighbour_t {
    /* Key: what the address is, `TIDINGS_LINK_KIND_...`. */
    uint8_t link;
    /* How it is known: `TIDINGS_NEIGHBOUR_STATE_...`. */
    uint8_t state;
    /* How the link to it is secured: `TIDINGS_LINK_SECURITY_...`. */
    uint8_t security;
    /* Addresses left out of the list. */
    uint16_t more_addresses;
    /* Key: the link address. */
    tidings_bytes_t address;
    /* Key: the interface that it is seen on. */
    tidings_bytes_t iface;
    /* Its IP addresses, 4 or 16 bytes each; NULL if there is none. */
    const tidings_bytes_t *addresses;
    /* How many there are, at most `TIDINGS_MAX_ADDRESSES`. */
    size_t address_count;
    /* Its name. */
    tidings_bytes_t name;
    /* When it was first seen, Unix time in s; 0: not known. */
    uint64_t first_seen;
} tidings_neighbour_t;

/* A fact whose key and value are bytes already, as SPEC section 7 writes them. */
typedef struct tidings_raw_t {
    /* Its kind: `TIDINGS_KIND_...`. */
    uint8_t kind;
    /* Key: 1 to 64 bytes. */
    tidings_bytes_t key;
    /* 0 to 512 bytes. */
    tidings_bytes_t value;
} tidings_raw_t;

/* A setting: configuration and posture. */
typedef struct tidings_setting_t {
    /* Key: which one, `TIDINGS_SETTING_...`; `TIDINGS_SETTING_NAMED` for the vendor's own. */
    uint16_t id;
    /* Key: a vendor setting's name; else the instance, for example an interface. */
    tidings_bytes_t name;
    /* What it is. */
    tidings_scalar_t value;
} tidings_setting_t;

/* Something installed; all zero is slot 0, active, version empty. */
typedef struct tidings_software_t {
    /* Key: `TIDINGS_SOFTWARE_SLOT`, `_NAMED` or `_HASHED`, which says which fields of the key count. */
    uint8_t key_form;
    /* Key, named and hashed: where the name is defined, `TIDINGS_ECOSYSTEM_...`. */
    uint8_t key_ecosystem;
    /* Key, slot: its number. */
    uint16_t key_slot;
    /* Key, named: the package's name. */
    tidings_bytes_t key_name;
    /* Key, named: its architecture, or empty. */
    tidings_bytes_t key_architecture;
    /* Key, hashed: first 16 bytes of SHA-256(ecosystem, name, 0x00, architecture). */
    tidings_bytes_t key_hash;
    /* Version, as its ecosystem writes it. */
    tidings_bytes_t version;
    /* What it is doing: `TIDINGS_SOFTWARE_STATE_...`. */
    uint8_t state;
    /* What it is: `TIDINGS_SOFTWARE_CLASS_...`. */
    uint8_t software_class;
    /* Version scheme: CoSWID (RFC 9393) numbers, 16384 for semver, 0 not stated. */
    uint16_t scheme;
    /* Prefix of the image's SHA-256, 0 to 32 bytes. */
    tidings_bytes_t digest;
    /* Build id of the linker. */
    tidings_bytes_t build_id;
    /* Source package, for matching advisories. */
    tidings_bytes_t source;
    /* Version of the source package, if it differs. */
    tidings_bytes_t source_version;
    /* First 8 bytes of the SBOM's SHA-256. */
    tidings_bytes_t sbom;
    /* Label of a slot, or the name behind a hashed key. */
    tidings_bytes_t name;
    /* Architecture behind a hashed key. */
    tidings_bytes_t architecture;
} tidings_software_t;

/* An update under way. */
typedef struct tidings_update_t {
    /* Key: a numbered slot. */
    uint16_t slot;
    /* Where it stands: `TIDINGS_UPDATE_STATE_...`. */
    uint8_t state;
    /* Progress of the present state, 0 to 100. */
    uint8_t percent;
    /* The vendor's error number, 0 for none. */
    int32_t error;
    /* Key: a component's name; empty, with slot 0: the whole device. */
    tidings_bytes_t name;
    /* The version that it leads to. */
    tidings_bytes_t target;
} tidings_update_t;

/* A fact of a vendor's own kind; the collector keeps its bytes as they are. */
typedef struct tidings_vendor_t {
    /* Key: the vendor's kind. */
    uint16_t vendor_kind;
    /* Key: 1 to 62 bytes. */
    tidings_bytes_t key;
    /* 0 to 512 bytes. */
    tidings_bytes_t value;
} tidings_vendor_t;

/* Events that survive power loss, in memory of the caller: one beside each agent that keeps any. Its contents are private. */
typedef struct tidings_kept_events_t {
    uint64_t _private[TIDINGS_KEPT_EVENTS_WORDS];
} tidings_kept_events_t;

/*
 * Memory for events that must survive power loss, as three callbacks: a queue of records of at most `TIDINGS_MAX_RECORD` bytes, `TIDINGS_MAX_RECORDS` at
 * most. They may block; they must not call anything of the same agent or of the same kept events (both answer `TIDINGS_E_BUSY`).
 *
 * A record is there whole or not at all, and no other is lost for it, also when the power goes in the middle of a callback: a check sum of yours tells. After
 * a callback that failed the store may hold what it held before or what it was asked to hold.
 */
typedef struct tidings_event_store_t {
    /* Handed to all callbacks. */
    void *ctx;
    /*
     * Puts a record behind all others and returns `TIDINGS_OK` when it would survive a power cut; `TIDINGS_E_FULL` if there is no room, and nothing may be
     * pushed out for it; anything else: the memory failed.
     */
    tidings_status_t (*append)(void *ctx, const uint8_t *record, size_t len);
    /*
     * Copies the record of this index to `record`, sets `*len` to its bytes, and returns `TIDINGS_OK`; returns `TIDINGS_NOTHING` if there are no more than
     * `index` records; anything else: the memory failed. The oldest has index 0, in the order of `append`. `record` has room for `TIDINGS_MAX_RECORD` bytes.
     */
    tidings_status_t (*read)(void *ctx, size_t index, uint8_t *record, size_t *len);
    /*
     * Removes the record of this index, just read, so that each one behind it has an index less, and returns `TIDINGS_OK`; anything else: the memory
     * failed. It need not survive a power cut: an event that comes back is told again, and counted once.
     */
    tidings_status_t (*remove)(void *ctx, size_t index);
    /* The least severity that is kept, `TIDINGS_SEVERITY_...`; zero keeps all. */
    uint8_t least;
} tidings_event_store_t;

/* A fact as the agent holds it. */
typedef struct tidings_view_t {
    /* Its kind: `TIDINGS_KIND_...`. */
    uint8_t kind;
    /* Its key, in the agent's memory: until the next call that records, removes, receives or drains. */
    tidings_bytes_t key;
    /* Its value, as its key. */
    tidings_bytes_t value;
} tidings_view_t;

/* The frames in progress on one serial line, in memory of the caller. Its contents are private. */
typedef struct tidings_serial_t {
    uint64_t _private[TIDINGS_SERIAL_WORDS];
} tidings_serial_t;

/* Room for one message. */
typedef struct tidings_message_t {
    uint32_t _private[TIDINGS_MESSAGE_WORDS];
} tidings_message_t;

/* Counters since `tidings_init`, wrapping. */
typedef struct tidings_stats_t {
    /* Packets built. */
    uint32_t sent;
    /* Bytes of those packets, without framing. */
    uint32_t sent_bytes;
    /* Of those, retransmissions. */
    uint32_t retries;
    /* Answers that ended a step. */
    uint32_t answers;
    /* Packets refused. */
    uint32_t refused;
    /* Facts refused because the table was full, but for those of `TIDINGS_KIND_AGENT`. */
    uint32_t facts_dropped;
    /* Events that found no room, or made room for others. */
    uint32_t events_dropped;
    /* Times that tombstones were given up for a range-replace. */
    uint32_t tombstones_dropped;
    /* Failures of the epoch store. */
    uint32_t epoch_faults;
    /* Epochs skipped because the host knew newer ones. */
    uint32_t rollbacks;
    /* Packets that did not fit the buffer given to `tidings_transmit`; nothing else is sent before them. */
    uint32_t too_small;
} tidings_stats_t;

/*
 * An epoch in RAM that keeps its contents over a reset: place it where start-up code leaves it alone; any contents are allowed.
 *
 * After power loss it is blank: use it with the plain suite only.
 */
typedef struct tidings_retained_t {
    uint32_t _private[2];
} tidings_retained_t;

/* Done. */
#define TIDINGS_OK 0

/* It was so already: nothing will be sent. */
#define TIDINGS_UNCHANGED 1

/* The kind is switched off: the fact was not kept. */
#define TIDINGS_SWITCHED_OFF 2

/* There is nothing: no packet is due, no fact of that number is held. */
#define TIDINGS_NOTHING 3

/* What `load` of an epoch store returns while nothing was ever stored. */
#define TIDINGS_BLANK 4

/* A pointer that must not be NULL is NULL. */
#define TIDINGS_E_NULL (-1)

/* A pointer is not aligned for its type. */
#define TIDINGS_E_MISALIGNED (-2)

/* The handle was never initialised, was deinitialised, or was copied or moved: it lives at one address. */
#define TIDINGS_E_HANDLE (-3)

/* The handle is in use: a call from a callback or an interrupt while another call of the same handle runs, or keys that an agent still uses. */
#define TIDINGS_E_BUSY (-4)

/* The handle is live already: deinitialise it first. */
#define TIDINGS_E_LIVE (-5)

/* Header and library are of different versions: `struct_size` or `abi` of the configuration is not this library's. */
#define TIDINGS_E_ABI (-6)

/* A number has no meaning here: a severity, a form, a profile, a flag that is neither 0 nor 1. */
#define TIDINGS_E_VALUE (-7)

/* A buffer overlaps memory that the agent owns, or another argument. */
#define TIDINGS_E_OVERLAP (-8)

/* A text is not UTF-8. */
#define TIDINGS_E_TEXT (-9)

/* Key, value, list or message is over its bound; shorten it, nothing is ever cut. A kind whose fact was refused is told as partial. */
#define TIDINGS_E_TOO_LONG (-10)

/* The table is full: give it more bytes. The kind is told as partial, and an old value of the fact was taken out. */
#define TIDINGS_E_FULL (-11)

/* This library knows no such kind; use kinds 0 to 14 or the vendor kind. */
#define TIDINGS_E_KIND (-12)

/* No scan of this kind was begun. */
#define TIDINGS_E_NO_SCAN (-13)

/* A device id has 1 to 16 bytes. */
#define TIDINGS_E_ID (-14)

/* The MTU is under `TIDINGS_MIN_MTU` or over `TIDINGS_MAX_PACKET`. */
#define TIDINGS_E_MTU (-15)

/* The buffer is too small. */
#define TIDINGS_E_BUFFER (-16)

/* This library was built without it. */
#define TIDINGS_E_UNSUPPORTED (-17)

/* A key id is over 127. */
#define TIDINGS_E_KID (-18)

/* The up and the down key begin with the same 16 bytes: packets could be turned round. */
#define TIDINGS_E_SAME_KEYS (-19)

/* The epoch store failed; it is tried again at the next `tidings_maintain`, and nothing is sent before. */
#define TIDINGS_E_EPOCH_STORE (-20)

/* The epoch store does not give back what it took: worn out or misaddressed. Nothing is sent. */
#define TIDINGS_E_EPOCH_NOT_KEPT (-21)

/* Every epoch was used. Nothing is sent. */
#define TIDINGS_E_EPOCH_EXHAUSTED (-22)

/* There are keys, but no epoch is stored: call `tidings_provision` once, at the factory. Nothing is sent. */
#define TIDINGS_E_NOT_PROVISIONED (-23)

/* The packet is malformed. */
#define TIDINGS_E_PACKET_MALFORMED (-30)

/* The packet is of another wire version. */
#define TIDINGS_E_PACKET_VERSION (-31)

/* The packet travels the wrong way. */
#define TIDINGS_E_PACKET_DIRECTION (-32)

/* The packet is of another suite. */
#define TIDINGS_E_PACKET_SUITE (-33)

/* The packet is no answer to this device in this epoch: another device's, or an echo of one's own. */
#define TIDINGS_E_PACKET_UNASKED (-34)

/* The packet's CRC or tag is wrong: noise, a wrong key, or tampering. */
#define TIDINGS_E_PACKET_CHECK (-35)

/* The packet answers nothing that is open: late, repeated, or replayed. */
#define TIDINGS_E_NOT_EXPECTED (-36)

/* The packet's body does not follow the specification. */
#define TIDINGS_E_BODY_MALFORMED (-37)

/* The new keys do not seal: a device never goes back to plain. */
#define TIDINGS_E_KEYS_PLAIN (-40)

/* The new keys have the key id of the old ones. */
#define TIDINGS_E_KEYS_SAME_KID (-41)

/* The new keys have another digest key, which does not rotate. */
#define TIDINGS_E_KEYS_OTHER_DIGEST (-42)

/* The suite in hardware did not seal a packet: nothing is to be sent, and it is built again later, as one that was lost. */
#define TIDINGS_E_SEAL (-43)

/* The mailbox is full: make it larger or drain more often. Counted. */
#define TIDINGS_E_MAILBOX_FULL (-50)

/* The message is over the 28 bytes of a mailbox slot: record it from the main loop instead. Counted. */
#define TIDINGS_E_MAILBOX_TOO_LONG (-51)

/*
 * The event store failed. An event is recorded all the same, and not kept: it may come again after a power loss, and reaches the host if the power lasts.
 */
#define TIDINGS_E_EVENT_STORE (-60)

/* The event store is full until the host has older events. The event is recorded all the same, and not kept. */
#define TIDINGS_E_EVENT_STORE_FULL (-61)

/*
 * The event store does not give back last what it took last: worn out, misaddressed, out of order. The event is recorded all the same, and not kept.
 */
#define TIDINGS_E_EVENT_NOT_KEPT (-62)

/* The agent's memory for events is under `TIDINGS_KEPT_EVENT_BYTES`. The event is recorded all the same if it fits, and not kept. */
#define TIDINGS_E_EVENT_MEMORY (-63)

/* No epoch is open: call `tidings_start` first. The event is recorded all the same, and not kept. */
#define TIDINGS_E_NO_EPOCH (-64)

/* An error without a number in this list; report it as a defect. */
#define TIDINGS_E_UNKNOWN (-127)

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/*
 * Says what a status means, in a few words of English; never NULL.
 *
 * The text is static and NUL-terminated. Any context, interrupts included. Bounded: one look-up. An unknown number gives "unknown status".
 */
const char *tidings_status_str(tidings_status_t status);

/*
 * The version of the linked library: `major << 16 | minor << 8 | patch`; compare it with `TIDINGS_VERSION`.
 *
 * Any context, interrupts included. Bounded: constant.
 */
uint32_t tidings_version(void);

/*
 * The version of the linked library as text, "major.minor.patch"; never NULL.
 *
 * The text is static and NUL-terminated. Any context, interrupts included. Bounded: constant.
 */
const char *tidings_version_str(void);

/*
 * The version of the wire format that the linked library speaks: `version << 8 | minor`.
 *
 * Any context, interrupts included. Bounded: constant.
 */
uint32_t tidings_wire_version(void);

/*
 * The version of the border that the linked library has; compare it with `TIDINGS_ABI`.
 *
 * Any context, interrupts included. Bounded: constant.
 */
uint32_t tidings_abi(void);

/*
 * Writes the first epoch of a device that has keys: sealing starts above `floor`. A store that holds as much already is left alone.
 *
 * Once, at the factory: a new device takes 0, one whose store was lost the epoch that the collector last saw of it, or new keys.
 * `store` is read during the call. Thread context; blocks as long as the callbacks do. Bounded: 2 loads and 1 append.
 * Fails with NULL, MISALIGNED, EPOCH_STORE or EPOCH_NOT_KEPT: the device is not provisioned.
 */
tidings_status_t tidings_provision(uint32_t floor,
                                   const tidings_epoch_store_t *store);

/*
 * `load` of an epoch store whose `ctx` is a `tidings_retained_t`.
 *
 * Thread context. Bounded: constant. Fails with NULL or MISALIGNED.
 */
tidings_status_t tidings_retained_load(void *ctx, uint32_t *epoch);

/*
 * `append` of an epoch store whose `ctx` is a `tidings_retained_t`.
 *
 * Thread context. Bounded: constant. Fails with NULL or MISALIGNED.
 */
tidings_status_t tidings_retained_append(void *ctx, uint32_t epoch);

/*
 * Takes in keys for ChaCha20-Poly1305 (suite 1, RFC 8439).
 *
 * `bytes` are copied; wipe them afterwards. `keys` must outlive every agent that uses it. Thread context. Bounded: constant.
 * Fails with NULL, MISALIGNED, LIVE, OVERLAP, KID or SAME_KEYS (erased or cleared memory is no set of keys).
 */
tidings_status_t tidings_keys_chacha20poly1305(tidings_keys_t *keys,
                                               const tidings_key_bytes_t *bytes);

/*
 * Takes in keys for Ascon-AEAD128 (suite 2, NIST SP 800-232), the smaller code; it uses the first 16 bytes of each key.
 *
 * As `tidings_keys_chacha20poly1305`.
 */
tidings_status_t tidings_keys_ascon128(tidings_keys_t *keys, const tidings_key_bytes_t *bytes);

/*
 * Takes in a suite of the vendor's own (suite 3), whose keys never leave the hardware.
 *
 * `suite` is copied, its `ctx` must live as long as `keys`. Thread context. Bounded: constant.
 * Fails with NULL, MISALIGNED, LIVE, OVERLAP, KID or VALUE (a check shorter than 4 or longer than 16 bytes).
 */
tidings_status_t tidings_keys_hardware(tidings_keys_t *keys, const tidings_suite_t *suite);

/*
 * Wipes the keys and ends the handle.
 *
 * Thread context. Bounded: constant. Fails with NULL, MISALIGNED, HANDLE, or BUSY while an agent uses them.
 */
tidings_status_t tidings_keys_deinit(tidings_keys_t *keys);

/*
 * Zeroes memory in a way that no compiler leaves out; for the firmware's own copy of keys.
 *
 * Any context, interrupts included. Bounded: `len`. Fails with NULL or TOO_LONG.
 */
tidings_status_t tidings_wipe(void *memory, size_t len);

/*
 * Makes an agent in `agent` as `config` says. It sends nothing before `tidings_start`.
 *
 * `config` is read during the call. `config->table` and `config->events` belong to the agent until `tidings_deinit`, `config->keys` must stay
 * live until then. Thread context. Bounded: constant.
 * Fails with NULL, MISALIGNED, LIVE, ABI, ID, KIND, MTU, VALUE, BUFFER (`table` under `TIDINGS_TABLE_OVERHEAD`), OVERLAP, TOO_LONG, UNSUPPORTED, or,
 * for the keys, HANDLE; `agent` is then as before.
 */
tidings_status_t tidings_init(tidings_agent_t *agent,
                              const tidings_config_t *config);

/*
 * Ends the agent: its memory and keys are the caller's again, and the handle is zero.
 *
 * Thread context. Bounded: constant. Fails with NULL, MISALIGNED, HANDLE (never initialised, or deinitialised already) or BUSY.
 */
tidings_status_t tidings_deinit(tidings_agent_t *agent);

/*
 * Opens the next epoch: stores it through `store`, reads it back, and from then on packets may leave.
 *
 * `store` is read during the call; its callbacks run inside it. Thread context; blocks as long as they do. Bounded: 2 loads and 1 append.
 * Fails with EPOCH_STORE, EPOCH_NOT_KEPT, EPOCH_EXHAUSTED or NOT_PROVISIONED: nothing is sent until `tidings_maintain` succeeds.
 */
tidings_status_t tidings_start(tidings_agent_t *agent,
                               uint64_t now_ms,
                               const tidings_epoch_store_t *store);

/*
 * Opens a new epoch if the host knows a newer one than ours or the keys changed; else does nothing. Call it in the main loop.
 *
 * As `tidings_start`; mostly it returns at once. A store that failed is asked again 1 s later, not before.
 */
tidings_status_t tidings_maintain(tidings_agent_t *agent,
                                  uint64_t now_ms,
                                  const tidings_epoch_store_t *store);

/*
 * Goes over to other keys; the next `tidings_maintain` opens an epoch, and Hello follows under them. The old handle is free again.
 *
 * `keys` must stay live until `tidings_deinit` or another change. Thread context. Bounded: constant.
 * Fails with OVERLAP, KEYS_PLAIN, KEYS_SAME_KID or KEYS_OTHER_DIGEST: the old keys stay in use.
 */
tidings_status_t tidings_change_keys(tidings_agent_t *agent,
                                     tidings_keys_t *keys);

/*
 * Sets `*accepted` to 1 once the host has accepted a packet under the keys and the epoch in use, else to 0.
 *
 * Thread context. Bounded: constant.
 */
tidings_status_t tidings_keys_accepted(tidings_agent_t *agent, uint8_t *accepted);

/*
 * Sets the time of what is recorded next, in ms of a clock that never goes back; calls that take a time do it too.
 *
 * Thread context. Bounded: constant.
 */
tidings_status_t tidings_tick(tidings_agent_t *agent, uint64_t now_ms);

/*
 * Sets `*synced` to 1 if the host has acknowledged everything recorded so far, else to 0.
 *
 * Thread context. Bounded: constant.
 */
tidings_status_t tidings_is_synced(tidings_agent_t *agent, uint8_t *synced);

/*
 * Sets `*epoch` to the epoch in use, 0 before `tidings_start`.
 *
 * Thread context. Bounded: constant.
 */
tidings_status_t tidings_epoch(tidings_agent_t *agent, uint32_t *epoch);

/*
 * Bytes of the handle that the linked library was built for; equals `sizeof(tidings_agent_t)`, or header and library differ.
 *
 * Any context, interrupts included. Bounded: constant.
 */
size_t tidings_agent_size(void);

/*
 * Says that everything of `kind` is recorded, for sources that tell changes one by one instead of scanning.
 *
 * Thread context. Bounded by the table. Fails with NULL, MISALIGNED, HANDLE, BUSY or KIND.
 */
tidings_status_t tidings_complete(tidings_agent_t *agent, uint8_t kind);

/*
 * Says that the source of `kind` failed: nothing is removed, changes still travel, and the kind is told as failed.
 *
 * As `tidings_complete`.
 */
tidings_status_t tidings_fail(tidings_agent_t *agent, uint8_t kind);

/*
 * Switches a kind off, as the user of the device may ask: its facts are withdrawn, which does not look like their removal.
 *
 * As `tidings_complete`.
 */
tidings_status_t tidings_switch_off(tidings_agent_t *agent,
                                    uint8_t kind);

/*
 * Switches a kind on again; it is incomplete until its source finishes a scan.
 *
 * As `tidings_complete`.
 */
tidings_status_t tidings_switch_on(tidings_agent_t *agent, uint8_t kind);

/*
 * Sets `*state` to the state of a kind's source, `TIDINGS_COVERAGE_...`; `TIDINGS_NOTHING`, and nothing set, if nothing of it was ever recorded.
 *
 * Thread context. Bounded: constant. Fails with NULL, MISALIGNED, HANDLE, BUSY, KIND or OVERLAP.
 */
tidings_status_t tidings_coverage(tidings_agent_t *agent,
                                  uint8_t kind,
                                  uint8_t *state);

/*
 * Records that something happened.
 *
 * `event` and what it points to are read during the call. Thread context. Bounded by the ring.
 * Fails with NULL, MISALIGNED, HANDLE, BUSY, OVERLAP, VALUE (severity) or TOO_LONG.
 */
tidings_status_t tidings_event(tidings_agent_t *agent, const tidings_event_t *event);

/*
 * Records an account; the same value again does nothing (`TIDINGS_UNCHANGED`).
 *
 * `fact` and what it points to are read during the call. Thread context. Bounded by the table.
 * Fails with NULL, MISALIGNED, HANDLE, BUSY, OVERLAP, VALUE, TOO_LONG, TEXT, FULL.
 */
tidings_status_t tidings_record_account(tidings_agent_t *agent, const tidings_account_t *fact);

/*
 * Removes an account with this key, if it is held (`TIDINGS_UNCHANGED` if not); only the fields of the key matter.
 *
 * As `tidings_record_account`.
 */
tidings_status_t tidings_remove_account(tidings_agent_t *agent, const tidings_account_t *fact);

/*
 * Posts an account for the agent to record at its next `tidings_drain`.
 *
 * `fact` and what it points to are read during the call. Interrupt or thread, one producer a box. Bounded by a message: a field of more than
 * `TIDINGS_MESSAGE_ROOM` bytes is refused before it is read.
 * Fails with NULL, MISALIGNED, HANDLE, BUSY, VALUE, TOO_LONG, TEXT, MAILBOX_FULL or MAILBOX_TOO_LONG.
 */
tidings_status_t tidings_post_account(tidings_mailbox_t *mailbox,
                                      const tidings_account_t *fact);

/*
 * Posts that an account with this key is gone.
 *
 * As `tidings_post_account`.
 */
tidings_status_t tidings_post_remove_account(tidings_mailbox_t *mailbox, const tidings_account_t *fact);

/*
 * Records a number about the agent; the same value again does nothing (`TIDINGS_UNCHANGED`).
 *
 * `fact` and what it points to are read during the call. Thread context. Bounded by the table.
 * Fails with NULL, MISALIGNED, HANDLE, BUSY, OVERLAP, TOO_LONG, TEXT, FULL.
 */
tidings_status_t tidings_record_agent_item(tidings_agent_t *agent, const tidings_agent_item_t *fact);

/*
 * Removes a number about the agent with this key, if it is held (`TIDINGS_UNCHANGED` if not); only the fields of the key matter.
 *
 * As `tidings_record_agent_item`.
 */
tidings_status_t tidings_remove_agent_item(tidings_agent_t *agent,
                                           const tidings_agent_item_t *fact);

/*
 * Posts a number about the agent for the agent to record at its next `tidings_drain`.
 *
 * `fact` and what it points to are read during the call. Interrupt or thread, one producer a box. Bounded by a message: a field of more than
 * `TIDINGS_MESSAGE_ROOM` bytes is refused before it is read.
 * Fails with NULL, MISALIGNED, HANDLE, BUSY, TOO_LONG, TEXT, MAILBOX_FULL or MAILBOX_TOO_LONG.
 */
tidings_status_t tidings_post_agent_item(tidings_mailbox_t *mailbox,
                                         const tidings_agent_item_t *fact);

/*
 * Posts that a number about the agent with this key is gone.
 *
 * As `tidings_post_agent_item`.
 */
tidings_status_t tidings_post_remove_agent_item(tidings_mailbox_t *mailbox, const tidings_agent_item_t *fact);

/*
 * Records a certificate or key; the same value again does nothing (`TIDINGS_UNCHANGED`).
 *
 * `fact` and what it points to are read during the call. Thread context. Bounded by the table.
 * Fails with NULL, MISALIGNED, HANDLE, BUSY, OVERLAP, VALUE, TOO_LONG, TEXT, FULL.
 */
tidings_status_t tidings_record_certificate(tidings_agent_t *agent, const tidings_certificate_t *fact);

/*
 * Removes a certificate or key with this key, if it is held (`TIDINGS_UNCHANGED` if not); only the fields of the key matter.
 *
 * As `tidings_record_certificate`.
 */
tidings_status_t tidings_remove_certificate(tidings_agent_t *agent,
                                            const tidings_certificate_t *fact);

/*
 * Posts a certificate or key for the agent to record at its next `tidings_drain`.
 *
 * `fact` and what it points to are read during the call. Interrupt or thread, one producer a box. Bounded by a message: a field of more than
 * `TIDINGS_MESSAGE_ROOM` bytes is refused before it is read.
 * Fails with NULL, MISALIGNED, HANDLE, BUSY, VALUE, TOO_LONG, TEXT, MAILBOX_FULL or MAILBOX_TOO_LONG.
 */
tidings_status_t tidings_post_certificate(tidings_mailbox_t *mailbox,
                                          const tidings_certificate_t *fact);

/*
 * Posts that a certificate or key with this key is gone.
 *
 * As `tidings_post_certificate`.
 */
tidings_status_t tidings_post_remove_certificate(tidings_mailbox_t *mailbox, const tidings_certificate_t *fact);

/*
 * Records a measurement unless it is noise (`TIDINGS_UNCHANGED`); its state is set from `limits`.
 *
 * `fact`, what it points to and `limits` are read during the call. Thread context. Bounded by the table.
 * Fails as `tidings_record_health`.
 */
tidings_status_t tidings_sample_health(tidings_agent_t *agent,
                                       const tidings_health_t *fact,
                                       const tidings_limits_t *limits);

/*
 * Records a measurement; the same value again does nothing (`TIDINGS_UNCHANGED`).
 *
 * `fact` and what it points to are read during the call. Thread context. Bounded by the table.
 * Fails with NULL, MISALIGNED, HANDLE, BUSY, OVERLAP, TOO_LONG, TEXT, FULL.
 */
tidings_status_t tidings_record_health(tidings_agent_t *agent, const tidings_health_t *fact);

/*
 * Removes a measurement with this key, if it is held (`TIDINGS_UNCHANGED` if not); only the fields of the key matter.
 *
 * As `tidings_record_health`.
 */
tidings_status_t tidings_remove_health(tidings_agent_t *agent, const tidings_health_t *fact);

/*
 * Posts a measurement for the agent to record at its next `tidings_drain`.
 *
 * `fact` and what it points to are read during the call. Interrupt or thread, one producer a box. Bounded by a message: a field of more than
 * `TIDINGS_MESSAGE_ROOM` bytes is refused before it is read.
 * Fails with NULL, MISALIGNED, HANDLE, BUSY, TOO_LONG, TEXT, MAILBOX_FULL or MAILBOX_TOO_LONG.
 */
tidings_status_t tidings_post_health(tidings_mailbox_t *mailbox,
                                     const tidings_health_t *fact);

/*
 * Posts that a measurement with this key is gone.
 *
 * As `tidings_post_health`.
 */
tidings_status_t tidings_post_remove_health(tidings_mailbox_t *mailbox, const tidings_health_t *fact);

/*
 * Records a claim of who the device is; the same value again does nothing (`TIDINGS_UNCHANGED`).
 *
 * `fact` and what it points to are read during the call. Thread context. Bounded by the table.
 * Fails with NULL, MISALIGNED, HANDLE, BUSY, OVERLAP, VALUE, TOO_LONG, TEXT, FULL.
 */
tidings_status_t tidings_record_identity(tidings_agent_t *agent, const tidings_identity_t *fact);

/*
 * Removes a claim of who the device is with this key, if it is held (`TIDINGS_UNCHANGED` if not); only the fields of the key matter.
 *
 * As `tidings_record_identity`.
 */
tidings_status_t tidings_remove_identity(tidings_agent_t *agent,
                                         const tidings_identity_t *fact);

/*
 * Posts a claim of who the device is for the agent to record at its next `tidings_drain`.
 *
 * `fact` and what it points to are read during the call. Interrupt or thread, one producer a box. Bounded by a message: a field of more than
 * `TIDINGS_MESSAGE_ROOM` bytes is refused before it is read.
 * Fails with NULL, MISALIGNED, HANDLE, BUSY, VALUE, TOO_LONG, TEXT, MAILBOX_FULL or MAILBOX_TOO_LONG.
 */
tidings_status_t tidings_post_identity(tidings_mailbox_t *mailbox,
                                       const tidings_identity_t *fact);

/*
 * Posts that a claim of who the device is with this key is gone.
 *
 * As `tidings_post_identity`.
 */
tidings_status_t tidings_post_remove_identity(tidings_mailbox_t *mailbox, const tidings_identity_t *fact);

/*
 * Records a network interface; the same value again does nothing (`TIDINGS_UNCHANGED`).
 *
 * `fact` and what it points to are read during the call. Thread context. Bounded by the table.
 * Fails with NULL, MISALIGNED, HANDLE, BUSY, OVERLAP, TOO_LONG, TEXT, FULL.
 */
tidings_status_t tidings_record_interface(tidings_agent_t *agent, const tidings_interface_t *fact);

/*
 * Removes a network interface with this key, if it is held (`TIDINGS_UNCHANGED` if not); only the fields of the key matter.
 *
 * As `tidings_record_interface`.
 */
tidings_status_t tidings_remove_interface(tidings_agent_t *agent,
                                          const tidings_interface_t *fact);

/*
 * Posts a network interface for the agent to record at its next `tidings_drain`.
 *
 * `fact` and what it points to are read during the call. Interrupt or thread, one producer a box. Bounded by a message: a field of more than
 * `TIDINGS_MESSAGE_ROOM` bytes is refused before it is read.
 * Fails with NULL, MISALIGNED, HANDLE, BUSY, TOO_LONG, TEXT, MAILBOX_FULL or MAILBOX_TOO_LONG.
 */
tidings_status_t tidings_post_interface(tidings_mailbox_t *mailbox,
                                        const tidings_interface_t *fact);

/*
 * Posts that a network interface with this key is gone.
 *
 * As `tidings_post_interface`.
 */
tidings_status_t tidings_post_remove_interface(tidings_mailbox_t *mailbox, const tidings_interface_t *fact);

/*
 * Records an open port; the same value again does nothing (`TIDINGS_UNCHANGED`).
 *
 * `fact` and what it points to are read during the call. Thread context. Bounded by the table.
 * Fails with NULL, MISALIGNED, HANDLE, BUSY, OVERLAP, TOO_LONG, TEXT, FULL.
 */
tidings_status_t tidings_record_listener(tidings_agent_t *agent, const tidings_listener_t *fact);

/*
 * Removes an open port with this key, if it is held (`TIDINGS_UNCHANGED` if not); only the fields of the key matter.
 *
 * As `tidings_record_listener`.
 */
tidings_status_t tidings_remove_listener(tidings_agent_t *agent, const tidings_listener_t *fact);

/*
 * Posts an open port for the agent to record at its next `tidings_drain`.
 *
 * `fact` and what it points to are read during the call. Interrupt or thread, one producer a box. Bounded by a message: a field of more than
 * `TIDINGS_MESSAGE_ROOM` bytes is refused before it is read.
 * Fails with NULL, MISALIGNED, HANDLE, BUSY, TOO_LONG, TEXT, MAILBOX_FULL or MAILBOX_TOO_LONG.
 */
tidings_status_t tidings_post_listener(tidings_mailbox_t *mailbox,
                                       const tidings_listener_t *fact);

/*
 * Posts that an open port with this key is gone.
 *
 * As `tidings_post_listener`.
 */
tidings_status_t tidings_post_remove_listener(tidings_mailbox_t *mailbox, const tidings_listener_t *fact);

/*
 * Records a device seen on a network; the same value again does nothing (`TIDINGS_UNCHANGED`).
 *
 * `fact` and what it points to are read during the call. Thread context. Bounded by the table.
 * Fails with NULL, MISALIGNED, HANDLE, BUSY, OVERLAP, TOO_LONG, TEXT, FULL.
 */
tidings_status_t tidings_record_neighbour(tidings_agent_t *agent, const tidings_neighbour_t *fact);

/*
 * Removes a device seen on a network with this key, if it is held (`TIDINGS_UNCHANGED` if not); only the fields of the key matter.
 *
 * As `tidings_record_neighbour`.
 */
tidings_status_t tidings_remove_neighbour(tidings_agent_t *agent,
                                          const tidings_neighbour_t *fact);

/*
 * Posts a device seen on a network for the agent to record at its next `tidings_drain`.
 *
 * `fact` and what it points to are read during the call. Interrupt or thread, one producer a box. Bounded by a message: a field of more than
 * `TIDINGS_MESSAGE_ROOM` bytes is refused before it is read.
 * Fails with NULL, MISALIGNED, HANDLE, BUSY, TOO_LONG, TEXT, MAILBOX_FULL or MAILBOX_TOO_LONG.
 */
tidings_status_t tidings_post_neighbour(tidings_mailbox_t *mailbox,
                                        const tidings_neighbour_t *fact);

/*
 * Posts that a device seen on a network with this key is gone.
 *
 * As `tidings_post_neighbour`.
 */
tidings_status_t tidings_post_remove_neighbour(tidings_mailbox_t *mailbox, const tidings_neighbour_t *fact);

/*
 * Records a fact whose key and value are bytes already; the same value again does nothing (`TIDINGS_UNCHANGED`).
 *
 * `fact` and what it points to are read during the call. Thread context. Bounded by the table.
 * Fails with NULL, MISALIGNED, HANDLE, BUSY, OVERLAP, TOO_LONG, TEXT, FULL, KIND.
 */
tidings_status_t tidings_record_raw(tidings_agent_t *agent, const tidings_raw_t *fact);

/*
 * Removes a fact whose key and value are bytes already with this key, if it is held (`TIDINGS_UNCHANGED` if not); only the fields of the key matter.
 *
 * As `tidings_record_raw`.
 */
tidings_status_t tidings_remove_raw(tidings_agent_t *agent,
                                    const tidings_raw_t *fact);

/*
 * Posts a fact whose key and value are bytes already for the agent to record at its next `tidings_drain`.
 *
 * `fact` and what it points to are read during the call. Interrupt or thread, one producer a box. Bounded by a message: a field of more than
 * `TIDINGS_MESSAGE_ROOM` bytes is refused before it is read.
 * Fails with NULL, MISALIGNED, HANDLE, BUSY, TOO_LONG, TEXT, MAILBOX_FULL or MAILBOX_TOO_LONG.
 */
tidings_status_t tidings_post_raw(tidings_mailbox_t *mailbox,
                                  const tidings_raw_t *fact);

/*
 * Posts that a fact whose key and value are bytes already with this key is gone.
 *
 * As `tidings_post_raw`.
 */
tidings_status_t tidings_post_remove_raw(tidings_mailbox_t *mailbox, const tidings_raw_t *fact);

/*
 * Records a setting; the same value again does nothing (`TIDINGS_UNCHANGED`).
 *
 * `fact` and what it points to are read during the call. Thread context. Bounded by the table.
 * Fails with NULL, MISALIGNED, HANDLE, BUSY, OVERLAP, VALUE, TOO_LONG, TEXT, FULL.
 */
tidings_status_t tidings_record_setting(tidings_agent_t *agent, const tidings_setting_t *fact);

/*
 * Removes a setting with this key, if it is held (`TIDINGS_UNCHANGED` if not); only the fields of the key matter.
 *
 * As `tidings_record_setting`.
 */
tidings_status_t tidings_remove_setting(tidings_agent_t *agent, const tidings_setting_t *fact);

/*
 * Posts a setting for the agent to record at its next `tidings_drain`.
 *
 * `fact` and what it points to are read during the call. Interrupt or thread, one producer a box. Bounded by a message: a field of more than
 * `TIDINGS_MESSAGE_ROOM` bytes is refused before it is read.
 * Fails with NULL, MISALIGNED, HANDLE, BUSY, VALUE, TOO_LONG, TEXT, MAILBOX_FULL or MAILBOX_TOO_LONG.
 */
tidings_status_t tidings_post_setting(tidings_mailbox_t *mailbox,
                                      const tidings_setting_t *fact);

/*
 * Posts that a setting with this key is gone.
 *
 * As `tidings_post_setting`.
 */
tidings_status_t tidings_post_remove_setting(tidings_mailbox_t *mailbox, const tidings_setting_t *fact);

/*
 * Records something installed; the same value again does nothing (`TIDINGS_UNCHANGED`).
 *
 * `fact` and what it points to are read during the call. Thread context. Bounded by the table.
 * Fails with NULL, MISALIGNED, HANDLE, BUSY, OVERLAP, VALUE, TOO_LONG, TEXT, FULL.
 */
tidings_status_t tidings_record_software(tidings_agent_t *agent, const tidings_software_t *fact);

/*
 * Removes something installed with this key, if it is held (`TIDINGS_UNCHANGED` if not); only the fields of the key matter.
 *
 * As `tidings_record_software`.
 */
tidings_status_t tidings_remove_software(tidings_agent_t *agent,
                                         const tidings_software_t *fact);

/*
 * Posts something installed for the agent to record at its next `tidings_drain`.
 *
 * `fact` and what it points to are read during the call. Interrupt or thread, one producer a box. Bounded by a message: a field of more than
 * `TIDINGS_MESSAGE_ROOM` bytes is refused before it is read.
 * Fails with NULL, MISALIGNED, HANDLE, BUSY, VALUE, TOO_LONG, TEXT, MAILBOX_FULL or MAILBOX_TOO_LONG.
 */
tidings_status_t tidings_post_software(tidings_mailbox_t *mailbox,
                                       const tidings_software_t *fact);

/*
 * Posts that something installed with this key is gone.
 *
 * As `tidings_post_software`.
 */
tidings_status_t tidings_post_remove_software(tidings_mailbox_t *mailbox, const tidings_software_t *fact);

/*
 * Records an update under way; the same value again does nothing (`TIDINGS_UNCHANGED`).
 *
 * `fact` and what it points to are read during the call. Thread context. Bounded by the table.
 * Fails with NULL, MISALIGNED, HANDLE, BUSY, OVERLAP, TOO_LONG, TEXT, FULL.
 */
tidings_status_t tidings_record_update(tidings_agent_t *agent, const tidings_update_t *fact);

/*
 * Removes an update under way with this key, if it is held (`TIDINGS_UNCHANGED` if not); only the fields of the key matter.
 *
 * As `tidings_record_update`.
 */
tidings_status_t tidings_remove_update(tidings_agent_t *agent,
                                       const tidings_update_t *fact);

/*
 * Posts an update under way for the agent to record at its next `tidings_drain`.
 *
 * `fact` and what it points to are read during the call. Interrupt or thread, one producer a box. Bounded by a message: a field of more than
 * `TIDINGS_MESSAGE_ROOM` bytes is refused before it is read.
 * Fails with NULL, MISALIGNED, HANDLE, BUSY, TOO_LONG, TEXT, MAILBOX_FULL or MAILBOX_TOO_LONG.
 */
tidings_status_t tidings_post_update(tidings_mailbox_t *mailbox,
                                     const tidings_update_t *fact);

/*
 * Posts that an update under way with this key is gone.
 *
 * As `tidings_post_update`.
 */
tidings_status_t tidings_post_remove_update(tidings_mailbox_t *mailbox, const tidings_update_t *fact);

/*
 * Records a fact of a vendor's own kind; the same value again does nothing (`TIDINGS_UNCHANGED`).
 *
 * `fact` and what it points to are read during the call. Thread context. Bounded by the table.
 * Fails with NULL, MISALIGNED, HANDLE, BUSY, OVERLAP, TOO_LONG, TEXT, FULL.
 */
tidings_status_t tidings_record_vendor(tidings_agent_t *agent, const tidings_vendor_t *fact);

/*
 * Removes a fact of a vendor's own kind with this key, if it is held (`TIDINGS_UNCHANGED` if not); only the fields of the key matter.
 *
 * As `tidings_record_vendor`.
 */
tidings_status_t tidings_remove_vendor(tidings_agent_t *agent,
                                       const tidings_vendor_t *fact);

/*
 * Posts a fact of a vendor's own kind for the agent to record at its next `tidings_drain`.
 *
 * `fact` and what it points to are read during the call. Interrupt or thread, one producer a box. Bounded by a message: a field of more than
 * `TIDINGS_MESSAGE_ROOM` bytes is refused before it is read.
 * Fails with NULL, MISALIGNED, HANDLE, BUSY, TOO_LONG, TEXT, MAILBOX_FULL or MAILBOX_TOO_LONG.
 */
tidings_status_t tidings_post_vendor(tidings_mailbox_t *mailbox,
                                     const tidings_vendor_t *fact);

/*
 * Posts that a fact of a vendor's own kind with this key is gone.
 *
 * As `tidings_post_vendor`.
 */
tidings_status_t tidings_post_remove_vendor(tidings_mailbox_t *mailbox, const tidings_vendor_t *fact);

/*
 * Makes the handle of the events in `store`, which the host is still to get.
 *
 * `store` is copied, its `ctx` must stay live until `tidings_kept_events_deinit`. The handle is for one agent, from its first use to the agent's
 * `tidings_deinit`; for another, and for a new life of the same one, end it and make it again: the store is the truth. Thread context. Bounded: constant.
 * Fails with NULL (a callback, too), MISALIGNED, LIVE, OVERLAP or VALUE (`least`).
 */
tidings_status_t tidings_kept_events_init(tidings_kept_events_t *kept,
                                          const tidings_event_store_t *store);

/*
 * Ends the handle; the records stay in the store.
 *
 * Thread context. Bounded: constant. Fails with NULL, MISALIGNED, HANDLE or BUSY.
 */
tidings_status_t tidings_kept_events_deinit(tidings_kept_events_t *kept);

/*
 * Records that something happened, as `tidings_event` does; if it is as severe as the store's `least`, keeps it through a loss of power first.
 *
 * The epoch store must survive power too: the plain suite's `tidings_retained_t` does not. `event` and what it points to are read during the call. Thread
 * context; blocks as the callbacks of the event store do. Bounded by two passes over the store and 1 append.
 * Fails as `tidings_event`, with HANDLE also if `kept` began with another agent or another life of this one; then nothing is recorded. With NO_EPOCH,
 * EVENT_MEMORY, EVENT_STORE, EVENT_STORE_FULL or EVENT_NOT_KEPT it is recorded all the same, and reaches the host if the power lasts.
 */
tidings_status_t tidings_event_kept(tidings_agent_t *agent,
                                    tidings_kept_events_t *kept,
                                    const tidings_event_t *event);

/*
 * Takes kept events up into memory as there is room, and removes from the store those that the host has. Call it in the main loop, after what was
 * received; mostly it returns at once. It does nothing before `tidings_start`.
 *
 * Thread context; blocks as the callbacks of the event store do. Bounded by a pass over the store: each record is read, and removed at most once.
 * Fails with NULL, MISALIGNED, HANDLE (of either, or as `tidings_event_kept`), BUSY, OVERLAP or EVENT_STORE: it is tried again at the next call.
 */
tidings_status_t tidings_maintain_events(tidings_agent_t *agent,
                                         tidings_kept_events_t *kept);

/*
 * Begins a scan of `kind`: what is not recorded until `tidings_scan_finish` is removed by it.
 *
 * Thread context. Bounded by the table. Fails with NULL, MISALIGNED, HANDLE, BUSY or KIND.
 */
tidings_status_t tidings_scan_begin(tidings_agent_t *agent, uint8_t kind);

/*
 * The source listed everything: facts that it did not list are removed, and the kind is complete.
 *
 * Thread context. Bounded by the table. Fails with NULL, MISALIGNED, HANDLE, BUSY, KIND or NO_SCAN.
 */
tidings_status_t tidings_scan_finish(tidings_agent_t *agent, uint8_t kind);

/*
 * The source listed what it could read of more: nothing is removed, and the kind is told as partial.
 *
 * As `tidings_scan_finish`.
 */
tidings_status_t tidings_scan_partial(tidings_agent_t *agent, uint8_t kind);

/*
 * The source failed: nothing is removed, and the kind is told as failed.
 *
 * As `tidings_scan_finish`.
 */
tidings_status_t tidings_scan_fail(tidings_agent_t *agent, uint8_t kind);

/*
 * Sets `*view` to the fact of this index, in the order of kind and key from 0 up; `TIDINGS_NOTHING` past the last one.
 *
 * Thread context. Bounded by the table. Fails with NULL, MISALIGNED, HANDLE, BUSY or OVERLAP.
 */
tidings_status_t tidings_view(tidings_agent_t *agent, size_t index, tidings_view_t *view);

/*
 * Builds the next packet in `buffer` if one is due, and sets `*len` to its bytes; else `TIDINGS_NOTHING`, and 0.
 *
 * `buffer` should hold the profile's MTU; a smaller one lowers it for this packet. It may hold anything before. Send the packet as one datagram
 * or frame; call again when `tidings_next_deadline` says so, or after anything was recorded or received.
 * Thread context; runs the callbacks of a suite in hardware, if there is one. Bounded by one packet.
 * Fails with NULL, MISALIGNED, HANDLE, BUSY, OVERLAP, BUFFER (under `TIDINGS_MIN_MTU` bytes) or SEAL (the suite in hardware failed: `*len` is 0,
 * `buffer` has nothing in clear, and the packet counts as sent and lost).
 */
tidings_status_t tidings_transmit(tidings_agent_t *agent,
                                  uint64_t now_ms,
                                  void *buffer,
                                  size_t buffer_len,
                                  size_t *len);

/*
 * Takes in one packet from the host, opening it where it stands: the bytes are spent afterwards.
 *
 * Thread context; runs the callbacks of a suite in hardware, if there is one. Bounded by the packet and the table.
 * Fails with NULL, MISALIGNED, HANDLE, BUSY, OVERLAP, TOO_LONG (over `TIDINGS_MAX_PACKET`), PACKET_..., NOT_EXPECTED or BODY_MALFORMED: then
 * nothing changed but a counter.
 */
tidings_status_t tidings_receive(tidings_agent_t *agent,
                                 uint64_t now_ms,
                                 void *packet,
                                 size_t packet_len);

/*
 * Sets `*at_ms` to when `tidings_transmit` or `tidings_maintain` must be called again at the latest, on the same clock; 0: at once,
 * `UINT64_MAX`: not before the link is up.
 *
 * Earlier calls cost energy only, later ones delay reports. Thread context. Bounded: constant.
 * Fails with NULL, MISALIGNED, HANDLE, BUSY or OVERLAP.
 */
tidings_status_t tidings_next_deadline(tidings_agent_t *agent,
                                       uint64_t *at_ms);

/*
 * The link is there: what waits is sent at once, and if nothing waits a Beat, for the host may have lost what it knew.
 *
 * Thread context. Bounded: constant. Fails with NULL, MISALIGNED, HANDLE or BUSY.
 */
tidings_status_t tidings_link_up(tidings_agent_t *agent, uint64_t now_ms);

/*
 * The link is gone: nothing is built until `tidings_link_up`.
 *
 * As `tidings_link_up`.
 */
tidings_status_t tidings_link_down(tidings_agent_t *agent);

/*
 * Makes a serial line: packets to send are built in `frame`, received ones in `received`.
 *
 * `frame` is as long as the longest packet to send, `received` `TIDINGS_MAX_ANSWER`; both belong to the line until `tidings_serial_deinit`.
 * Thread context. Bounded: constant.
 * Fails with NULL, MISALIGNED, LIVE, OVERLAP, or BUFFER (`frame` under `TIDINGS_MIN_MTU`, or no byte in `received`).
 */
tidings_status_t tidings_serial_init(tidings_serial_t *serial,
                                     void *frame,
                                     size_t frame_len,
                                     void *received,
                                     size_t received_len);

/*
 * Ends a serial line: its buffers are the caller's again.
 *
 * Thread context. Bounded: constant. Fails with NULL, MISALIGNED, HANDLE or BUSY.
 */
tidings_status_t tidings_serial_deinit(tidings_serial_t *serial);

/*
 * Takes in received bytes, any number of them, and hands whole packets to `agent`; packets that it refuses are counted there.
 *
 * `bytes` are read during the call. Thread context; runs the callbacks of a suite in hardware, if there is one. Bounded by `len` and the table.
 * Fails with NULL, MISALIGNED, HANDLE (of either), BUSY, OVERLAP or TOO_LONG (over `TIDINGS_MAX_MOVE`).
 */
tidings_status_t tidings_serial_receive(tidings_serial_t *serial,
                                        tidings_agent_t *agent,
                                        uint64_t now_ms,
                                        const void *bytes,
                                        size_t len);

/*
 * Puts the next bytes to send into `out` and sets `*len` to how many there are; `TIDINGS_NOTHING`, and 0, if none is due.
 *
 * Call it with as much room as the port has; a frame may take several calls. Thread context; runs the callbacks of a suite in hardware, if there is one. Bounded by `out_len` and the packets
 * that fit it. Fails with NULL, MISALIGNED, HANDLE (of either), BUSY, OVERLAP or SEAL (as `tidings_transmit`). At most
 * `TIDINGS_MAX_MOVE` bytes a call.
 */
tidings_status_t tidings_serial_send(tidings_serial_t *serial,
                                     tidings_agent_t *agent,
                                     uint64_t now_ms,
                                     void *out,
                                     size_t out_len,
                                     size_t *len);

/*
 * Forgets frames in progress, for a stream that was opened anew.
 *
 * Thread context. Bounded: constant. Fails with NULL, MISALIGNED, HANDLE or BUSY.
 */
tidings_status_t tidings_serial_reset(tidings_serial_t *serial);

/*
 * Sets `*dropped` to the frames that were dropped because they were too long, cut short or joined midway.
 *
 * Thread context. Bounded: constant. Fails with NULL, MISALIGNED, HANDLE, BUSY or OVERLAP.
 */
tidings_status_t tidings_serial_dropped(tidings_serial_t *serial, uint32_t *dropped);

/*
 * Makes an empty mailbox of `count` messages.
 *
 * `messages` belong to the mailbox until `tidings_mailbox_deinit`. Call it before the interrupt is enabled. Thread context. Bounded: `count`.
 * Fails with NULL, MISALIGNED, LIVE, OVERLAP, VALUE (no message) or TOO_LONG (over `TIDINGS_MAX_MESSAGES`).
 */
tidings_status_t tidings_mailbox_init(tidings_mailbox_t *mailbox,
                                      tidings_message_t *messages,
                                      size_t count);

/*
 * Ends a mailbox; what was not drained is lost. Disable its interrupt first.
 *
 * Thread context. Bounded: constant. Fails with NULL, MISALIGNED or HANDLE, or BUSY when called from its own producer.
 */
tidings_status_t tidings_mailbox_deinit(tidings_mailbox_t *mailbox);

/*
 * Posts that something happened; `actor` must be empty, a message has no room for it.
 *
 * `event` is read during the call. Interrupt or thread, one producer a box. Bounded by a message: a field of more than
 * `TIDINGS_MESSAGE_ROOM` bytes is refused before it is read.
 * Fails with NULL, MISALIGNED, HANDLE, BUSY, VALUE, MAILBOX_FULL or MAILBOX_TOO_LONG (over 26 bytes of data).
 */
tidings_status_t tidings_post_event(tidings_mailbox_t *mailbox, const tidings_event_t *event);

/*
 * Takes in what an interrupt posted: at most as many messages as the box has.
 *
 * A fact that the table refuses is counted in the statistics, and its kind is told as partial. Thread context, one consumer a box. Bounded: the
 * box's messages.
 * Fails with NULL, MISALIGNED, HANDLE (of either) or BUSY.
 */
tidings_status_t tidings_drain(tidings_agent_t *agent,
                               uint64_t now_ms,
                               tidings_mailbox_t *mailbox);

/*
 * Sets `*refused` to the messages that were refused since `tidings_mailbox_init`: no room, too long, or posted while another was.
 *
 * Any context, interrupts included. Bounded: constant. Fails with NULL, MISALIGNED, HANDLE or OVERLAP.
 */
tidings_status_t tidings_mailbox_refused(tidings_mailbox_t *mailbox,
                                         uint32_t *refused);

/*
 * Copies the counters to `*stats`.
 *
 * Thread context. Bounded: constant. Fails with NULL, MISALIGNED, HANDLE, BUSY or OVERLAP.
 */
tidings_status_t tidings_stats(tidings_agent_t *agent, tidings_stats_t *stats);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus


/* The version of this header; compare it with tidings_version(). */
#define TIDINGS_VERSION (TIDINGS_VERSION_MAJOR << 16 | TIDINGS_VERSION_MINOR << 8 | TIDINGS_VERSION_PATCH)

/* A kind as a member of `expected` in the configuration. */
#define TIDINGS_KIND_BIT(kind) ((uint32_t)1 << (kind))

/* Bytes of table that a fact of this key and value length takes, for tables of up to 64 KiB. */
#define TIDINGS_FACT_BYTES(key_len, value_len) ((key_len) + (value_len) + TIDINGS_FACT_OVERHEAD)

/* Bytes that an event of this actor and data length takes. */
#define TIDINGS_EVENT_BYTES(actor_len, data_len) ((actor_len) + (data_len) + TIDINGS_EVENT_OVERHEAD)

/* Bytes of the memory for events that a kept event of this actor and data length needs, with the room that it leaves for any other event. */
#define TIDINGS_KEPT_EVENT_BYTES(actor_len, data_len) ((actor_len) + (data_len) + TIDINGS_KEPT_EVENT_OVERHEAD)

/* Bytes that a frame of a packet takes on a stream, at most. */
#define TIDINGS_FRAME_BYTES(packet_len) ((packet_len) + (packet_len) / 254 + 3)

/* `boot_event` of the configuration: an event of this severity at start. */
#define TIDINGS_BOOT_EVENT(severity) ((uint8_t)((severity) + 1))

/*
 * All memory of one device on a byte stream: so many bytes for facts, for events (none is allowed), and for the longest packet.
 * TIDINGS_CONFIG(name) is its configuration, TIDINGS_SERIAL(name) makes its serial line.
 */
#define TIDINGS_DEVICE_TYPE(table_bytes, event_bytes, packet_bytes) \
    struct { \
        tidings_agent_t agent; \
        tidings_serial_t serial; \
        uint8_t table[TIDINGS_TABLE_OVERHEAD + (table_bytes)]; \
        uint8_t events[(event_bytes) > 0 ? (event_bytes) : 1]; \
        uint8_t packet[packet_bytes]; \
        uint8_t received[TIDINGS_MAX_ANSWER]; \
    }

/* The same as a static variable; for another storage, or a name for the type: `typedef TIDINGS_DEVICE_TYPE(...) board_t;`. */
#define TIDINGS_DEVICE(name, table_bytes, event_bytes, packet_bytes) \
    static TIDINGS_DEVICE_TYPE(table_bytes, event_bytes, packet_bytes) name

#define TIDINGS_CONFIG(name) tidings_config((name).table, sizeof((name).table), (name).events, sizeof((name).events))

#define TIDINGS_SERIAL(name) \
    tidings_serial_init(&(name).serial, (name).packet, sizeof((name).packet), (name).received, sizeof((name).received))

/* A mailbox of so many messages, 32 bytes each; TIDINGS_MAILBOX_INIT(name) makes it, &(name).box is its handle. */
#define TIDINGS_MAILBOX_TYPE(count) \
    struct { \
        tidings_mailbox_t box; \
        tidings_message_t messages[count]; \
    }

/* The same as a static variable. */
#define TIDINGS_MAILBOX(name, count) static TIDINGS_MAILBOX_TYPE(count) name

#define TIDINGS_MAILBOX_INIT(name) \
    tidings_mailbox_init(&(name).box, (name).messages, sizeof((name).messages) / sizeof((name).messages[0]))

/* Fails to compile when a handle is not of the size that the library was built for. */
#if defined(__cplusplus)
#define TIDINGS_STATIC_ASSERT(name, holds) static_assert(holds, #name)
#elif defined(__STDC_VERSION__) && __STDC_VERSION__ >= 201112L
#define TIDINGS_STATIC_ASSERT(name, holds) _Static_assert(holds, #name)
#else
#define TIDINGS_STATIC_ASSERT(name, holds) typedef char tidings_assert_##name[(holds) ? 1 : -1]
#endif

TIDINGS_STATIC_ASSERT(agent_size, sizeof(tidings_agent_t) == TIDINGS_AGENT_WORDS * 8);
TIDINGS_STATIC_ASSERT(serial_size, sizeof(tidings_serial_t) == TIDINGS_SERIAL_WORDS * 8);
TIDINGS_STATIC_ASSERT(keys_size, sizeof(tidings_keys_t) == TIDINGS_KEYS_WORDS * 8);
TIDINGS_STATIC_ASSERT(mailbox_size, sizeof(tidings_mailbox_t) == TIDINGS_MAILBOX_WORDS * 8);
TIDINGS_STATIC_ASSERT(message_size, sizeof(tidings_message_t) == TIDINGS_MESSAGE_WORDS * 4);
TIDINGS_STATIC_ASSERT(kept_events_size, sizeof(tidings_kept_events_t) == TIDINGS_KEPT_EVENTS_WORDS * 8);
TIDINGS_STATIC_ASSERT(key_bytes_size, sizeof(tidings_key_bytes_t) == 81);
TIDINGS_STATIC_ASSERT(byte_size, (unsigned char)-1 == 255);

/* `len` bytes as an argument. */
static inline tidings_bytes_t tidings_bytes(const void *ptr, size_t len) {
    tidings_bytes_t bytes;
    bytes.ptr = ptr;
    bytes.len = len;
    return bytes;
}

/* A NUL-terminated UTF-8 string as an argument; NULL is the empty one. Looks at most at TIDINGS_MAX_VALUE + 1 bytes, and is then refused. */
static inline tidings_bytes_t tidings_text(const char *text) {
    const char *end = text;
    size_t room = TIDINGS_MAX_VALUE + 1;
    while (end && room && *end) {
        end++;
        room--;
    }
    return tidings_bytes(text, TIDINGS_MAX_VALUE + 1 - room);
}

/* A scalar of a type whose payload is a number. */
static inline tidings_scalar_t tidings_number(uint8_t scalar_type, int64_t number) {
    tidings_scalar_t scalar = TIDINGS_ZERO;
    scalar.scalar_type = scalar_type;
    scalar.number = number;
    return scalar;
}

/* On (not 0) or off. */
static inline tidings_scalar_t tidings_bool(int on) {
    return tidings_number(TIDINGS_SCALAR_BOOL, on != 0);
}

/* A number. */
static inline tidings_scalar_t tidings_int(int64_t number) {
    return tidings_number(TIDINGS_SCALAR_INT, number);
}

/* One of a list that the key implies. */
static inline tidings_scalar_t tidings_enum(uint32_t number) {
    return tidings_number(TIDINGS_SCALAR_ENUM, number);
}

/* A text, bytes or hash: TIDINGS_SCALAR_TEXT, _BYTES or _HASH. */
static inline tidings_scalar_t tidings_scalar(uint8_t scalar_type, tidings_bytes_t bytes) {
    tidings_scalar_t scalar = TIDINGS_ZERO;
    scalar.scalar_type = scalar_type;
    scalar.bytes = bytes;
    return scalar;
}

/* A configuration with this memory, everything else at its default but `id`, which has none. */
static inline tidings_config_t tidings_config(void *table, size_t table_len, void *events, size_t events_len) {
    tidings_config_t config = TIDINGS_ZERO;
    config.struct_size = (uint32_t)sizeof(config);
    config.abi = TIDINGS_ABI;
    config.table = table;
    config.table_len = table_len;
    config.events = events;
    config.events_len = events_len;
    return config;
}

#endif  /* TIDINGS_H */
