#include "policy/policy.h"

#include "ini/ini.h"
#include "policy/source.h"

void policy_initialise(struct policy *policy)
{
	*policy = (struct policy){ 0 };
	settings_set_defaults(&policy->settings);
}

/* oslo.rootwrap's load_filters() always appends this filter; here the conf has to ask for it. */
static void add_privsep_helper(struct policy *policy, const struct filter_registry *registry)
{
	static const char *const fields[] = { "privsep-helper", "root", NULL };
	const struct filter_class *class = filter_registry_find(registry, "CommandFilter");

	if (class)
		filter_list_append(&policy->list,
				   filter_new(class, "privsep-helper", policy->conf, 0, fields, 2,
					      &policy->settings.context, &policy->arena),
				   &policy->arena);
}

static void judge_exec_dirs(struct policy *policy, struct trust *trust, struct problems *problems)
{
	exec_dirs_judge(&policy->exec_dirs, policy->settings.exec_dirs, policy->settings.exec_dirs_count, trust,
			&policy->arena);
	for (size_t i = 0; i < policy->exec_dirs.count; i++) {
		const struct exec_dir *dir = &policy->exec_dirs.entries[i];

		if (!dir->trusted && !dir->missing)
			problem_add(problems, SEVERITY_WARNING, policy->conf, 0,
				    "exec_dirs: nothing is run from %s: %s", dir->path, dir->why);
	}
}

static void read_filters(struct policy *policy, const struct filter_registry *registry, struct trust *trust,
			 struct problems *problems)
{
	struct filter_file **end = &policy->files;

	for (size_t i = 0; i < policy->settings.filters_path_count; i++) {
		*end = filter_files_read(policy->settings.filters_path[i], registry, &policy->settings.context,
					 trust, &policy->list, &policy->arena, problems);
		while (*end)
			end = &(*end)->next;
	}
	if (policy->settings.implicit_privsep_helper)
		add_privsep_helper(policy, registry);
}

int policy_load(struct policy *policy, const char *conf, const struct filter_registry *registry, struct trust *trust,
		bool assume_programs, struct problems *problems)
{
	struct ini ini;

	policy_initialise(policy);
	policy->conf = arena_string(&policy->arena, conf);
	if (source_read(conf, INI_DUPLICATES_REFUSED, &ini, trust, &policy->arena, problems) < 0)
		return -1;
	settings_read(&policy->settings, &ini, policy->conf, &policy->arena, problems);
	judge_exec_dirs(policy, assume_programs ? NULL : trust, problems);
	read_filters(policy, registry, trust, problems);
	return problem_fatal(problems) ? -1 : 0;
}

void policy_free(struct policy *policy)
{
	arena_free(&policy->arena);
	*policy = (struct policy){ 0 };
}
