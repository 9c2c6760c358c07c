/*
 * Holds patterns against a recorded table of what Python's re.fullmatch() says:
 *
 *     pattern_table TABLE
 *
 * Each line: a letter for each subject, y or n, or "-" where Python refuses the
 * pattern; the pattern; the subjects; words quoted as in records.  We may refuse
 * what Python accepts, never the reverse; and only now and then, or the table
 * would say nothing.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/quote.h"
#include "pattern/pattern.h"

static struct counts {
	unsigned rows;
	unsigned usable;        /* of those that Python accepts */
	unsigned accepted;
	unsigned matches;       /* of Python, of usable patterns */
	unsigned ours;          /* of those */
	unsigned wrong;
} counts;

static void complain(unsigned row, const char *what)
{
	fprintf(stderr, "pattern_table: line %u: %s\n", row, what);
	counts.wrong++;
}

static void judge_subject(unsigned row, const char *pattern, const char *subject, char theirs)
{
	struct error error;
	enum pattern_result result = pattern_match(pattern, subject, &error);

	counts.matches += theirs == 'y';
	counts.ours += result == PATTERN_MATCH;
	if (result == PATTERN_MATCH && theirs != 'y')
		complain(row, "a match that Python does not find");
	if (result == PATTERN_UNUSABLE || result == PATTERN_FAILED)
		complain(row, "usable, but not when matching");
}

static void judge(unsigned row, const char *const *words, size_t count)
{
	struct error error;
	bool refused_there = strcmp(words[0], "-") == 0;
	bool usable = pattern_check(words[1], &error) == 0;

	counts.rows++;
	counts.accepted += !refused_there;
	counts.usable += usable;
	if (refused_there && usable)
		complain(row, "usable though Python refuses it");
	if (refused_there || !usable)
		return;
	if (strlen(words[0]) != count - 2) {
		complain(row, "not as many letters as subjects");
		return;
	}
	for (size_t i = 2; i < count; i++)
		judge_subject(row, words[1], words[i], words[0][i - 2]);
}

static void judge_line(unsigned row, char *line)
{
	CLEANUP(arena_free) struct arena arena = { 0 };
	const char *const *words;
	struct error error;
	size_t count;

	line[strcspn(line, "\n")] = '\0';
	if (quote_read_words(line, &arena, &words, &count, &error) < 0 || count < 3)
		complain(row, "it cannot be read");
	else
		judge(row, words, count);
}

int main(int argc, char **argv)
{
	FILE *file = argc == 2 ? fopen(argv[1], "r") : NULL;
	char *line = NULL;
	size_t size = 0;

	if (!file) {
		fprintf(stderr, "usage: pattern_table TABLE\n");
		return EXIT_FAILURE;
	}
	for (unsigned row = 1; getline(&line, &size, file) >= 0; row++)
		judge_line(row, line);
	free(line);
	fclose(file);
	printf("%u patterns, %u of %u usable; %u of %u matches; %u wrong\n", counts.rows, counts.usable,
	       counts.accepted, counts.ours, counts.matches, counts.wrong);
	return counts.wrong == 0 && counts.rows > 1000 && counts.usable > counts.accepted / 2 &&
			       counts.ours > counts.matches / 10 * 9 ?
		       EXIT_SUCCESS :
		       EXIT_FAILURE;
}
