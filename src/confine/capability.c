#include "confine/capability.h"

#include <fnmatch.h>
#include <linux/capability.h>
#include <sys/capability.h>

#include "base/attributes.h"
#include "base/path.h"

#define BIT(capability) ((capability_set)1 << (capability))

capability_set capability_dropped_by_default(void)
{
	return BIT(CAP_SYS_MODULE) | BIT(CAP_SYS_RAWIO) | BIT(CAP_SYS_BOOT) | BIT(CAP_SYS_TIME) | BIT(CAP_MAC_ADMIN) |
	       BIT(CAP_MAC_OVERRIDE) | BIT(CAP_AUDIT_CONTROL) | BIT(CAP_AUDIT_READ) | BIT(CAP_SYSLOG) |
	       BIT(CAP_WAKE_ALARM) | BIT(CAP_BLOCK_SUSPEND) | BIT(CAP_LEASE);
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
			needed |= BIT(known_programs[i].capability);
	}
	return needed;
}

static void append_names(struct strbuf *buffer, capability_set set, int count)
{
	const char *separator = "";

	for (int i = 0; i < count; i++) {
		char *name;

		if (!(set & BIT(i)))
			continue;
		name = cap_to_name(i);
		strbuf_append_format(buffer, "%s%s", separator, name ? name : "?");
		cap_free(name);
		separator = ",";
	}
}

void capability_append_set(struct strbuf *buffer, capability_set set)
{
	int count = cap_max_bits();
	capability_set all = BIT(count) - 1;
	capability_set missing = all & ~set;

	if ((set & all) == 0) {
		strbuf_append_string(buffer, "none");
	} else if (__builtin_popcountll(missing) > count / 2) {
		append_names(buffer, set, count);
	} else {
		strbuf_append_string(buffer, missing ? "all-" : "all");
		append_names(buffer, missing, count);
	}
}
