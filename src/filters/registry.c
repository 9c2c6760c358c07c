#include "filters/registry.h"

#include <stddef.h>

#include "filters/classes.h"

static const struct filter_class *const classes[] = {
	&filter_command,
	&filter_regexp,
	&filter_path,
	&filter_kill,
	&filter_read_file,
	&filter_ip,
	&filter_env,
	&filter_ip_netns_exec,
	&filter_chaining_regexp,
	NULL,
};

const struct filter_registry filter_registry = { .classes = classes };
