#include <string.h>
#include <unistd.h>

#include "base/quote.h"
#include "ctl/report_output.h"
#include "report/when.h"

/* What an option does with its value; flags get NULL. */
struct option {
	const char *name;
	bool has_value;
	int (*set)(struct report_options *options, const char *value, struct error *error);
};

static int set_since(struct report_options *options, const char *value, struct error *error)
{
	return when_parse(value, options->now, &options->since, error);
}

static int set_until(struct report_options *options, const char *value, struct error *error)
{
	return when_parse(value, options->now, &options->until, error);
}

static int set_by(struct report_options *options, const char *value, struct error *error)
{
	for (int by = TOTALS_BY_FILTER; by <= TOTALS_BY_COMMAND; by++) {
		if (strcmp(value, report_groupings[by]) == 0) {
			options->by = (enum totals_by)by;
			return 0;
		}
	}
	return error_set(error, "report: --by takes filter, user, unit or command");
}

static int set_denied(struct report_options *options, const char *value, struct error *error)
{
	(void)value;
	(void)error;
	options->denied = true;
	return 0;
}

static int set_reassemble(struct report_options *options, const char *value, struct error *error)
{
	(void)value;
	(void)error;
	options->reassemble = true;
	return 0;
}

static int set_unused(struct report_options *options, const char *value, struct error *error)
{
	(void)error;
	options->unused = value;
	return 0;
}

static int set_format(struct report_options *options, enum report_format format, struct error *error)
{
	if (options->format != REPORT_TEXT && options->format != format)
		return error_set(error, "report: --json and --csv exclude each other");
	options->format = format;
	return 0;
}

static int set_json(struct report_options *options, const char *value, struct error *error)
{
	(void)value;
	return set_format(options, REPORT_JSON, error);
}

static int set_csv(struct report_options *options, const char *value, struct error *error)
{
	(void)value;
	return set_format(options, REPORT_CSV, error);
}

static int set_assume_programs(struct report_options *options, const char *value, struct error *error)
{
	(void)value;
	(void)error;
	options->assume_programs = true;
	return 0;
}

static const struct option known[] = {
	{ "--since", true, set_since },
	{ "--until", true, set_until },
	{ "--by", true, set_by },
	{ "--denied", false, set_denied },
	{ "--reassemble", false, set_reassemble },
	{ "--unused", true, set_unused },
	{ "--json", false, set_json },
	{ "--csv", false, set_csv },
	{ "--assume-programs", false, set_assume_programs },
};

static const struct option *find_option(const char *word, size_t length)
{
	for (size_t i = 0; i < ARRAY_LENGTH(known); i++) {
		if (strlen(known[i].name) == length && memcmp(known[i].name, word, length) == 0)
			return &known[i];
	}
	return NULL;
}

/* Takes "--name VALUE" or "--name=VALUE".  Returns how many words that is, or -1. */
static int take_option(struct report_options *options, const char *word, const char *next, struct error *error)
{
	size_t length = strcspn(word, "=");
	const struct option *option = find_option(word, length);
	const char *value = word[length] ? word + length + 1 : NULL;
	CLEANUP(strbuf_free) struct strbuf quoted = { 0 };

	quote_append_word(&quoted, word);
	if (!option)
		return error_set(error, "report: unknown option %.100s", quoted.text);
	if (!option->has_value && value)
		return error_set(error, "report: %s takes no value", option->name);
	if (option->has_value && !value && !next)
		return error_set(error, "report: the value of %s is missing", option->name);
	if (option->set(options, value ? value : next, error) < 0)
		return -1;
	return option->has_value && !value ? 2 : 1;
}

static int judge(const struct report_options *options, struct error *error)
{
	if (options->since >= options->until)
		return error_set(error, "report: --since must be before --until");
	if (options->reassemble && options->unused)
		return error_set(error, "report: --reassemble and --unused exclude each other");
	if (options->reassemble && options->format == REPORT_CSV)
		return error_set(error, "report: --reassemble prints text or, with --json, JSON");
	if (options->denied && options->unused)
		return error_set(error, "report: --unused looks for permissions, which --denied leaves out");
	return 0;
}

int report_read_options(int argc, char **argv, int64_t now, struct report_options *options, struct error *error)
{
	static char standard_input[] = "-";
	static char *no_file[] = { standard_input };
	bool ended = false;

	*options = (struct report_options){ .now = now, .since = INT64_MIN, .until = INT64_MAX, .files = argv };
	for (int i = 0; i < argc;) {
		int words = 1;

		if (ended || argv[i][0] != '-' || strcmp(argv[i], "-") == 0)
			argv[options->file_count++] = argv[i];
		else if (strcmp(argv[i], "--") == 0)
			ended = true;
		else
			words = take_option(options, argv[i], i + 1 < argc ? argv[i + 1] : NULL, error);
		if (words < 0)
			return -1;
		i += words;
	}
	if (options->file_count == 0) {
		if (isatty(STDIN_FILENO))
			return error_set(error, "report: name a FILE, or pipe a log into it, as in: "
						"journalctl -t privsep-wrap -o json | privsep-wrapctl report");
		options->files = no_file;
		options->file_count = 1;
	}
	return judge(options, error);
}
