#include "confine/capability_sets.h"

#include <linux/capability.h>
#include <sys/syscall.h>
#include <unistd.h>

/* glibc has no wrappers; libcap's clear the effective set in some orders. */
int capability_sets_read(struct capability_sets *sets)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2] = { 0 };

	if (syscall(SYS_capget, &header, data) < 0)
		return -1;
	sets->permitted = data[0].permitted | (capability_set)data[1].permitted << 32;
	sets->effective = data[0].effective | (capability_set)data[1].effective << 32;
	sets->inheritable = data[0].inheritable | (capability_set)data[1].inheritable << 32;
	return 0;
}

int capability_sets_write(const struct capability_sets *sets)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2] = {
		{ (__u32)sets->effective, (__u32)sets->permitted, (__u32)sets->inheritable },
		{ (__u32)(sets->effective >> 32), (__u32)(sets->permitted >> 32), (__u32)(sets->inheritable >> 32) },
	};

	return (int)syscall(SYS_capset, &header, data);
}
