#include "report/when.h"

#include <stdbool.h>
#include <string.h>
#include <time.h>

#include "base/quote.h"
#include "report/calendar.h"

static const char accepted[] = "2026-11-26, '2026-11-26 05:34', 2026-11-26T05:34:21 (with .123, Z or +01:00 "
			       "behind it), @SECONDS, today, yesterday, now, or an age as 90s, 15m, 2h, 7d";

/* Takes exactly that many digits, whose value is at least low and at most high. */
static bool take_number(const char **at, int digits, int low, int high, int *value)
{
	*value = 0;
	for (int i = 0; i < digits; i++, (*at)++) {
		if (**at < '0' || **at > '9')
			return false;
		*value = *value * 10 + (**at - '0');
	}
	return *value >= low && *value <= high;
}

static bool take(const char **at, char c)
{
	if (**at != c)
		return false;
	(*at)++;
	return true;
}

/* Takes any number of digits up to 12. */
static bool take_long_number(const char **at, int64_t *value)
{
	int digits = 0;

	for (*value = 0; **at >= '0' && **at <= '9'; digits++, (*at)++) {
		if (digits == 12)
			return false;
		*value = *value * 10 + (**at - '0');
	}
	return digits > 0;
}

/* Takes ".123": what is finer than a microsecond is left out. */
static bool take_fraction(const char **at, int64_t *microseconds)
{
	int64_t unit = WHEN_SECOND / 10;
	const char *first;

	*microseconds = 0;
	if (!take(at, '.'))
		return true;
	for (first = *at; **at >= '0' && **at <= '9'; (*at)++, unit /= 10)
		*microseconds += unit * (**at - '0');
	return *at > first;
}

/* Takes "Z", "+01:00" or "+0100". */
static bool take_zone(const char **at, int *offset)
{
	int sign = **at == '-' ? -1 : 1;
	int hours;
	int minutes;

	*offset = 0;
	if (take(at, 'Z'))
		return true;
	if (!take(at, '+') && !take(at, '-'))
		return false;
	if (!take_number(at, 2, 0, 14, &hours))
		return false;
	take(at, ':');
	if (!take_number(at, 2, 0, 59, &minutes))
		return false;
	*offset = sign * (hours * 60 + minutes) * 60;
	return true;
}

static bool from_local(struct tm *tm, int64_t *time)
{
	if (!calendar_seconds(tm, true, time))
		return false;
	*time *= WHEN_SECOND;
	return true;
}

static bool take_day(const char **at, struct tm *tm)
{
	int year;
	int month;

	if (!take_number(at, 4, 1970, 9999, &year) || !take(at, '-') || !take_number(at, 2, 1, 12, &month) ||
	    !take(at, '-') || !take_number(at, 2, 1, 31, &tm->tm_mday) || !calendar_has(year, month, tm->tm_mday))
		return false;
	tm->tm_year = year - 1900;
	tm->tm_mon = month - 1;
	return true;
}

static bool take_time_of_day(const char **at, struct tm *tm, int64_t *microseconds)
{
	if ((!take(at, ' ') && !take(at, 'T')) || !take_number(at, 2, 0, 23, &tm->tm_hour) || !take(at, ':') ||
	    !take_number(at, 2, 0, 59, &tm->tm_min))
		return false;
	if (!take(at, ':'))
		return true;
	return take_number(at, 2, 0, 59, &tm->tm_sec) && take_fraction(at, microseconds);
}

static bool read_date(const char *at, int64_t now, int64_t *time)
{
	struct tm tm = { 0 };
	int64_t microseconds = 0;
	int offset;

	(void)now;
	if (!take_day(&at, &tm))
		return false;
	if (*at && !take_time_of_day(&at, &tm, &microseconds))
		return false;
	if (!*at) {
		if (!from_local(&tm, time))
			return false;
	} else {
		if (!take_zone(&at, &offset))
			return false;
		if (!calendar_seconds(&tm, false, time))
			return false;
		*time = (*time - offset) * WHEN_SECOND;
	}
	*time += microseconds;
	return !*at;
}

static bool read_seconds(const char *at, int64_t now, int64_t *time)
{
	int64_t microseconds;

	(void)now;
	if (!take(&at, '@') || !take_long_number(&at, time) || !take_fraction(&at, &microseconds))
		return false;
	*time = *time * WHEN_SECOND + microseconds;
	return !*at;
}

static bool read_age(const char *at, int64_t now, int64_t *time)
{
	static const struct {
		char name;
		int seconds;
	} units[] = { { 's', 1 }, { 'm', 60 }, { 'h', 3600 }, { 'd', 86400 } };
	int64_t count;

	if (!take_long_number(&at, &count))
		return false;
	for (size_t i = 0; i < ARRAY_LENGTH(units); i++) {
		int64_t age;

		if (strlen(at) != 1 || *at != units[i].name)
			continue;
		return !__builtin_mul_overflow(count, (int64_t)units[i].seconds * WHEN_SECOND, &age) &&
		       !__builtin_sub_overflow(now, age, time);
	}
	return false;
}

static bool read_name(const char *text, int64_t now, int64_t *time)
{
	time_t seconds = (time_t)(now / WHEN_SECOND);
	struct tm tm;

	*time = now;
	if (strcmp(text, "now") == 0)
		return true;
	if (!localtime_r(&seconds, &tm))
		return false;
	tm.tm_hour = tm.tm_min = tm.tm_sec = 0;
	if (strcmp(text, "yesterday") == 0)
		tm.tm_mday--;
	else if (strcmp(text, "today") != 0)
		return false;
	return from_local(&tm, time);
}

int when_parse(const char *text, int64_t now, int64_t *time, struct error *error)
{
	static bool (*const forms[])(const char *text, int64_t now, int64_t *time) = {
		read_date, read_seconds, read_age, read_name,
	};
	CLEANUP(strbuf_free) struct strbuf quoted = { 0 };

	for (size_t i = 0; i < ARRAY_LENGTH(forms); i++) {
		if (forms[i](text, now, time))
			return 0;
	}
	quote_append_word(&quoted, text);
	return error_set(error, "%.100s is not a time: write %s", quoted.text, accepted);
}

/* Seconds, rounded down for times before 1970 too. */
static time_t seconds_of(int64_t time, int *microseconds)
{
	int64_t seconds = time / WHEN_SECOND;
	int64_t rest = time % WHEN_SECOND;

	*microseconds = (int)(rest < 0 ? rest + WHEN_SECOND : rest);
	return (time_t)(rest < 0 ? seconds - 1 : seconds);
}

static void append(struct strbuf *buffer, const struct tm *tm, char between)
{
	long long year = (long long)tm->tm_year + 1900;

	strbuf_append_format(buffer, "%04lld-%02d-%02d%c%02d:%02d:%02d", year, tm->tm_mon + 1, tm->tm_mday, between,
			     tm->tm_hour, tm->tm_min, tm->tm_sec);
}

static void append_utc(struct strbuf *buffer, int64_t time, bool exact)
{
	struct tm tm = { 0 };
	int microseconds;
	time_t seconds = seconds_of(time, &microseconds);

	gmtime_r(&seconds, &tm);
	append(buffer, &tm, 'T');
	if (exact)
		strbuf_append_format(buffer, ".%06d", microseconds);
	strbuf_append_char(buffer, 'Z');
}

void when_append_utc(struct strbuf *buffer, int64_t time)
{
	append_utc(buffer, time, false);
}

void when_append_exact(struct strbuf *buffer, int64_t time)
{
	append_utc(buffer, time, true);
}

void when_append_local(struct strbuf *buffer, int64_t time)
{
	struct tm tm = { 0 };
	int microseconds;
	time_t seconds = seconds_of(time, &microseconds);

	localtime_r(&seconds, &tm);
	append(buffer, &tm, ' ');
}
