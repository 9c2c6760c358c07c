#include "filters/resolve.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "base/strbuf.h"

enum { MAX_LINKS = 40 };        /* as the kernel's own limit */

struct resolution {
	struct strbuf resolved;  /* no links, no trailing slash: "" is the root */
	struct strbuf rest;      /* still to be resolved */
	unsigned links;
};

static void free_resolution(struct resolution *resolution)
{
	strbuf_free(&resolution->resolved);
	strbuf_free(&resolution->rest);
}

static void go_to_parent(struct strbuf *resolved)
{
	while (resolved->length > 0 && resolved->text[resolved->length - 1] != '/')
		resolved->length--;
	if (resolved->length > 0)
		resolved->length--;
	strbuf_append(resolved, "", 0);
}

/* Puts the target of a link in front of the rest. */
static int follow_link(struct resolution *resolution, const char *target, size_t parent, struct error *error)
{
	struct strbuf rest = { 0 };

	if (++resolution->links > MAX_LINKS)
		return error_set(error, "too many symbolic links on the way");
	resolution->resolved.length = target[0] == '/' ? 0 : parent;
	strbuf_append(&resolution->resolved, "", 0);
	strbuf_append_string(&rest, target);
	strbuf_append_char(&rest, '/');
	strbuf_append_string(&rest, strbuf_text(&resolution->rest));
	strbuf_free(&resolution->rest);
	resolution->rest = rest;
	return 0;
}

/* Adds one component; if it is a link, goes on with what it leads to. */
static int add_component(struct resolution *resolution, const char *name, size_t length, struct error *error)
{
	size_t parent = resolution->resolved.length;
	char target[PATH_MAX];
	ssize_t got;

	strbuf_append_char(&resolution->resolved, '/');
	strbuf_append(&resolution->resolved, name, length);
	got = readlink(resolution->resolved.text, target, sizeof(target) - 1);
	if (got < 0)
		return errno == EINVAL || errno == ENOENT || errno == ENOTDIR ?
			       0 :
			       error_set(error, "a component of the path cannot be read: %s", strerror(errno));
	target[got] = '\0';
	return follow_link(resolution, target, parent, error);
}

static int next_component(struct resolution *resolution, struct error *error)
{
	size_t length = strcspn(resolution->rest.text, "/");
	CLEANUP(strbuf_free) struct strbuf name = { 0 };
	size_t taken = length + strspn(resolution->rest.text + length, "/");

	strbuf_append(&name, resolution->rest.text, length);
	memmove(resolution->rest.text, resolution->rest.text + taken, resolution->rest.length - taken + 1);
	resolution->rest.length -= taken;
	if (length == 0 || strcmp(name.text, ".") == 0)
		return 0;
	if (strcmp(name.text, "..") == 0) {
		go_to_parent(&resolution->resolved);
		return 0;
	}
	return add_component(resolution, name.text, length, error);
}

const char *resolve_path(const char *cwd, const char *path, struct arena *arena, struct error *error)
{
	CLEANUP(free_resolution) struct resolution resolution = { 0 };

	if (path[0] == '\0') {
		error_set(error, "an empty argument is no path");
		return NULL;
	}
	if (path[0] != '/' && !cwd) {
		error_set(error, "the path is relative and the current directory is gone");
		return NULL;
	}
	if (path[0] != '/') {
		strbuf_append_string(&resolution.rest, cwd);
		strbuf_append_char(&resolution.rest, '/');
	}
	strbuf_append_string(&resolution.rest, path);
	while (resolution.rest.length > 0) {
		if (next_component(&resolution, error) < 0)
			return NULL;
		if (resolution.rest.length + resolution.resolved.length > (size_t)2 * PATH_MAX) {
			error_set(error, "the path is too long");
			return NULL;
		}
	}
	return resolution.resolved.length > 0 ? arena_string(arena, resolution.resolved.text) : "/";
}
