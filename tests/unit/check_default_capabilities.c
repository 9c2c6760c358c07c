#include "confine/default_capabilities.h"

#include <linux/capability.h>

#include "suite.h"

START_TEST(no_ordinary_command_needs_these)
{
	const capability_set wanted =
		CAPABILITY(CAP_SYS_MODULE) | CAPABILITY(CAP_SYS_RAWIO) | CAPABILITY(CAP_SYS_BOOT) |
		CAPABILITY(CAP_SYS_TIME) | CAPABILITY(CAP_MAC_ADMIN) | CAPABILITY(CAP_MAC_OVERRIDE) |
		CAPABILITY(CAP_AUDIT_CONTROL) | CAPABILITY(CAP_AUDIT_READ) | CAPABILITY(CAP_SYSLOG) |
		CAPABILITY(CAP_WAKE_ALARM) | CAPABILITY(CAP_BLOCK_SUSPEND) | CAPABILITY(CAP_LEASE);

	ck_assert_uint_eq(capability_dropped_by_default(), wanted);
}
END_TEST

static const struct {
	const char *program;
	int capability; /* -1: none */
} programs[] = {
	{ "modprobe", CAP_SYS_MODULE },
	{ "/sbin/modprobe", CAP_SYS_MODULE },
	{ "/usr/local/sbin/modprobe", CAP_SYS_MODULE },
	{ "iptables", CAP_SYS_MODULE },
	{ "/usr/sbin/iptables-restore", CAP_SYS_MODULE },
	{ "iptables-legacy-save", CAP_SYS_MODULE },
	{ "ip6tables", CAP_SYS_MODULE },
	{ "ip6tables-restore", CAP_SYS_MODULE },
	{ "ebtables", CAP_SYS_MODULE },
	{ "iscsiadm", CAP_SYS_MODULE },
	{ "iscsid", CAP_SYS_MODULE },
	{ "rtstool", CAP_SYS_MODULE },
	{ "privsep-helper", CAP_SYS_MODULE },
	{ "sg_persist", CAP_SYS_RAWIO },
	{ "mpathpersist", CAP_SYS_RAWIO },
	{ "multipath", CAP_SYS_RAWIO },
	{ "multipathd", CAP_SYS_RAWIO },
	{ "sginfo", CAP_SYS_RAWIO },
	{ "hwclock", CAP_SYS_TIME },
	{ "/bin/date", CAP_SYS_TIME },
	{ "reboot", CAP_SYS_BOOT },
	{ "shutdown", CAP_SYS_BOOT },
	{ "dmesg", CAP_SYSLOG },

	{ "", -1 },
	{ "/", -1 },
	{ "insmod", -1 },
	{ "ip", -1 },
	{ "iptable", -1 },
	{ "xiptables", -1 },
	{ "Modprobe", -1 },
	{ "modprobe2", -1 },
	{ "modprobe ", -1 },
	{ "modprobe/", -1 },
	{ "/sbin/modprobe/x", -1 },
	{ "/usr/iptables/ls", -1 },
	{ "update", -1 },
	{ "dates", -1 },
	{ "multipathx", -1 },
	{ "bash", -1 },
	{ "*", -1 },
	{ "iptables*", CAP_SYS_MODULE },
};

START_TEST(known_program_needs_just_its_own)
{
	int capability = programs[_i].capability;

	ck_assert_uint_eq(capability_needed_by(programs[_i].program), capability < 0 ? 0 : CAPABILITY(capability));
}
END_TEST

/* Nothing is given back that was not taken away. */
START_TEST(what_is_needed_is_dropped_by_default)
{
	ck_assert_uint_eq(capability_needed_by(programs[_i].program) & ~capability_dropped_by_default(), 0);
}
END_TEST

static void fill(TCase *tcase)
{
	tcase_add_test(tcase, no_ordinary_command_needs_these);
	add_table_test(tcase, known_program_needs_just_its_own, programs);
	add_table_test(tcase, what_is_needed_is_dropped_by_default, programs);
}

static Suite *make_suite(void)
{
	Suite *suite = suite_create("default capabilities");

	suite_add(suite, "default capabilities", fill);
	return suite;
}

SUITE_MAIN(make_suite)
