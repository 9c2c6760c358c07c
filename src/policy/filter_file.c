#include "policy/filter_file.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/descriptor.h"
#include "ini/ini.h"
#include "policy/context_section.h"
#include "policy/list.h"
#include "policy/source.h"

/* What is being read, for the functions below. */
struct reading {
	const struct filter_registry *registry;
	const struct context *context;
	struct trust *trust;
	struct filter_list *list;
	struct arena *arena;
	struct problems *problems;
	const char *file;
};

void filter_list_append(struct filter_list *list, struct filter *filter, struct arena *arena)
{
	if (list->count == list->capacity) {
		size_t capacity = list->capacity > 0 ? list->capacity * 2 : 64;
		struct filter **filters = arena_allocate(arena, capacity, sizeof(struct filter *));

		if (list->count > 0)
			memcpy(filters, list->filters, list->count * sizeof(struct filter *));
		list->filters = filters;
		list->capacity = capacity;
	}
	list->filters[list->count++] = filter;
}

static void read_filter(struct reading *reading, const struct ini_option *option)
{
	struct arena *arena = reading->arena;
	size_t count;
	const char *const *fields = list_split(option->value, arena, &count);
	const struct filter_class *class = filter_registry_find(reading->registry, fields[0]);
	struct filter *filter;

	if (option->repeated)
		problem_add(reading->problems, SEVERITY_ERROR, reading->file, option->line,
			    "a filter of the same name stands above: only this value counts, in the other's place");
	if (!class) {
		problem_add(reading->problems, SEVERITY_WARNING, reading->file, option->line,
			    "unknown filter class: the line is skipped, as oslo.rootwrap skips it")
			->detail = arena_string(&reading->problems->arena, fields[0]);
		return;
	}
	filter = filter_new(class, option->name, reading->file, option->line, fields + 1, count - 1,
			    reading->context, arena);
	filter_list_append(reading->list, filter, arena);
}

static void report_unusable(struct reading *reading, size_t first)
{
	for (size_t i = first; i < reading->list->count; i++) {
		const struct filter *filter = reading->list->filters[i];

		if (filter->unusable)
			problem_add(reading->problems, SEVERITY_ERROR, filter->file, filter->line,
				    "%s: %s; requests for its program are denied here", filter->name,
				    filter->unusable);
	}
}

/* Those that were appended after the first ones; with none at all there is no array to point into. */
static struct filter *const *added_filters(const struct reading *reading, size_t first)
{
	return reading->list->count > first ? reading->list->filters + first : NULL;
}

static const char *const own_sections[] = { "Filters", "DEFAULT", NULL };

static void read_file(struct reading *reading)
{
	struct ini ini;
	const struct ini_option **items;
	size_t first = reading->list->count;

	if (source_read(reading->file, INI_DUPLICATES_LAST_WINS, &ini, reading->trust, reading->arena,
			reading->problems) < 0)
		return;
	items = ini_items(&ini, "Filters", reading->arena);
	if (ini_section(&ini, "DEFAULT") && ini_section(&ini, "DEFAULT")->options)
		problem_add(reading->problems, SEVERITY_ERROR, reading->file, ini_section(&ini, "DEFAULT")->line,
			    "options of [DEFAULT] count as filters: move them to [Filters]");
	for (; items && *items; items++)
		read_filter(reading, *items);
	context_sections_apply(&ini, added_filters(reading, first), reading->list->count - first, reading->context,
			       reading->file, reading->arena, reading->problems);
	context_warn_of_other_sections(&ini, own_sections, reading->file, reading->problems);
	report_unusable(reading, first);
}

static bool is_filter_file(const char *name)
{
	static const char ending[] = ".filters";
	size_t length = strlen(name);

	return length >= sizeof(ending) - 1 && strcmp(name + length - (sizeof(ending) - 1), ending) == 0;
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* What can be no file, nor a link to one, is marked by a slash, so that its name is no *.filters. */
static const char *mark_of(const struct dirent *entry)
{
	return entry->d_type == DT_REG || entry->d_type == DT_LNK || entry->d_type == DT_UNKNOWN ? "" : "/";
}

/* The names in the directory that do not begin with a dot, in byte order.  Returns -1 with errno. */
static int read_names(int directory, struct arena *arena, char ***names, size_t *count)
{
	DIR *stream = fdopendir(directory);
	size_t capacity = 16;
	struct dirent *entry;
	int saved;

	*count = 0;
	if (!stream) {
		saved = errno;
		close(directory);
		errno = saved;
		return -1;
	}
	*names = memory_allocate(capacity, sizeof(**names));
	while (errno = 0, (entry = readdir(stream)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		if (*count == capacity) {
			capacity *= 2;
			*names = memory_resize(*names, capacity, sizeof(**names));
		}
		(*names)[(*count)++] = arena_format(arena, "%s%s", entry->d_name, mark_of(entry));
	}
	saved = errno;
	closedir(stream);
	qsort(*names, *count, sizeof(**names), compare_names);
	errno = saved;
	return saved == 0 ? 0 : -1;
}

static void free_names(char ***names)
{
	free(*names);
}

/* Reads one directory entry and appends it to the list of files. */
static struct filter_file **read_entry(struct reading *reading, const char *directory, const char *name,
				       struct filter_file **end)
{
	struct filter_file *file = arena_allocate(reading->arena, 1, sizeof(*file));

	file->path = arena_format(reading->arena, "%s/%s", directory, name);
	file->ignored = !is_filter_file(name);
	*end = file;
	if (file->ignored) {
		problem_add(reading->problems, SEVERITY_WARNING, file->path, 0,
			    "it is no regular file named *.filters: it is left out");
	} else {
		reading->file = file->path;
		read_file(reading);
	}
	return &file->next;
}

struct filter_file *filter_files_read(const char *directory, const struct filter_registry *registry,
				      const struct context *context, struct trust *trust, struct filter_list *list,
				      struct arena *arena, struct problems *problems)
{
	struct reading reading = {
		.registry = registry, .context = context, .trust = trust, .list = list, .arena = arena,
		.problems = problems,
	};
	CLEANUP(free_names) char **names = NULL;
	struct filter_file *files = NULL;
	struct filter_file **end = &files;
	struct trust_problem untrusted;
	size_t count;
	int descriptor = -1;
	enum trust_result result = trust_open_directory(trust, directory, &descriptor, &untrusted);

	if (result == TRUST_MISSING) {
		problem_add(problems, SEVERITY_WARNING, directory, 0, "the directory does not exist: it is skipped");
		return NULL;
	}
	if (result != TRUST_OK) {
		problem_add_trust(problems, SEVERITY_FATAL, directory, &untrusted);
		return NULL;
	}
	if (read_names(descriptor, arena, &names, &count) < 0) {
		problem_add(problems, SEVERITY_FATAL, directory, 0, "the directory cannot be read: %s",
			    strerror(errno));
		return NULL;
	}
	for (size_t i = 0; i < count; i++)
		end = read_entry(&reading, directory, names[i], end);
	return files;
}
