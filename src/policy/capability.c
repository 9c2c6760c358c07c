#include "policy/capability.h"

#include <string.h>
#include <strings.h>
#include <sys/capability.h>

capability_set capability_all(void)
{
	int count = cap_max_bits();

	return count > 0 && count < 64 ? CAPABILITY(count) - 1 : ~(capability_set)0;
}

/* cap_from_name() also takes numbers, names with something behind them, and capabilities that the kernel lacks. */
static bool is_name_of(const char *name, cap_value_t value)
{
	char *exact = cap_to_name(value);
	bool same = exact && strcasecmp(exact, name) == 0;

	cap_free(exact);
	return same;
}

int capability_add_name(capability_set *set, const char *name, struct error *error)
{
	cap_value_t value;

	if (strncasecmp(name, "cap_", 4) != 0 || cap_from_name(name, &value) < 0 || value < 0 ||
	    value >= cap_max_bits() || !is_name_of(name, value))
		return error_set(error, "no name of a capability of this kernel");
	*set |= CAPABILITY(value);
	return 0;
}

static void append_names(struct strbuf *buffer, capability_set set, int count)
{
	const char *separator = "";

	for (int i = 0; i < count; i++) {
		char *name;

		if (!(set & CAPABILITY(i)))
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
	capability_set all = capability_all();
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
