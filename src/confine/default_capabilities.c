#include "confine/default_capabilities.h"

#include <fnmatch.h>
#include <linux/capability.h>

#include "base/attributes.h"
#include "base/path.h"

capability_set capability_dropped_by_default(void)
{
	static const int dropped[] = {
		CAP_SYS_MODULE,    CAP_SYS_RAWIO,  CAP_SYS_BOOT, CAP_SYS_TIME,   CAP_MAC_ADMIN,     CAP_MAC_OVERRIDE,
		CAP_AUDIT_CONTROL, CAP_AUDIT_READ, CAP_SYSLOG,   CAP_WAKE_ALARM, CAP_BLOCK_SUSPEND, CAP_LEASE,
	};
	capability_set set = 0;

	for (size_t i = 0; i < ARRAY_LENGTH(dropped); i++)
		set |= CAPABILITY(dropped[i]);
	return set;
}

static const struct {
	const char *pattern;    /* fnmatch(3) */
	int capability;
} known_programs[] = {
	{ "modprobe", CAP_SYS_MODULE },
	{ "iptables*", CAP_SYS_MODULE },
	{ "ip6tables*", CAP_SYS_MODULE },
	{ "ebtables*", CAP_SYS_MODULE },
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
	{ "date", CAP_SYS_TIME },
	{ "reboot", CAP_SYS_BOOT },
	{ "shutdown", CAP_SYS_BOOT },
	{ "dmesg", CAP_SYSLOG },
};

capability_set capability_needed_by(const char *program)
{
	capability_set needed = 0;

	for (size_t i = 0; i < ARRAY_LENGTH(known_programs); i++) {
		if (fnmatch(known_programs[i].pattern, path_base_name(program), 0) == 0)
			needed |= CAPABILITY(known_programs[i].capability);
	}
	return needed;
}
