# Build, test and install privsep-wrap.  CONTRIBUTING.md says how the pieces fit.

PREFIX ?= /usr/local
BINDIR ?= $(PREFIX)/bin
SYSCONFDIR ?= /etc
MANDIR ?= $(PREFIX)/share/man
DATADIR ?= $(PREFIX)/share/privsep-wrap
DESTDIR ?=
INSTALL ?= install
PKG_CONFIG ?= pkg-config
BUILD ?= build

VERSION := $(shell sed -n 's/^.define PSW_VERSION "\(.*\)"/\1/p' src/base/version.h)
PROGRAMS := privsep-wrap privsep-wrapctl
LIBRARIES := inih libpcre2-8 libcap

WARNINGS := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wformat=2 -Wvla \
	-Wswitch-enum -Wundef -Wpointer-arith -Wwrite-strings
# What is not set reads as zero: a denial.  gcc 12, clang 16.
AUTO_INIT_FLAG := -ftrivial-auto-var-init=zero
AUTO_INIT := $(shell $(CC) -Werror $(AUTO_INIT_FLAG) -x c -c -o /dev/null /dev/null 2>/dev/null && echo $(AUTO_INIT_FLAG))
# FORTIFY_SOURCE needs optimisation; empty this for sanitizers.
HARDENING ?= -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3 -fstack-protector-strong -fstack-clash-protection $(AUTO_INIT) -fPIE
HARDENING_LDFLAGS ?= -pie -Wl,-z,relro,-z,now,-z,noexecstack

CFLAGS ?= -O2 -g
ALL_CPPFLAGS = -Isrc -D_GNU_SOURCE $(LIBRARY_CFLAGS) $(CPPFLAGS)
ALL_CFLAGS = -std=c11 $(WARNINGS) $(if $(WERROR),-Werror) $(HARDENING) $(CFLAGS)
ALL_LDFLAGS = -Wl,--as-needed $(HARDENING_LDFLAGS) $(LDFLAGS)

# Looked up when something is compiled, so that `make demo` can install the libraries first.
LIBRARY_CFLAGS = $(shell $(PKG_CONFIG) --cflags $(LIBRARIES))
LIBRARY_LDLIBS = $(shell $(PKG_CONFIG) --libs $(LIBRARIES))
CHECK_CFLAGS = $(shell $(PKG_CONFIG) --cflags check)
CHECK_LDLIBS = $(shell $(PKG_CONFIG) --libs check)

# Everything but the mains is in one static library, which programs, tests and fuzzers link.
LIBRARY := $(BUILD)/libprivsep-wrap.a
LIBRARY_SOURCES := $(sort $(filter-out src/ctl/main.c,$(wildcard src/*/*.c)))
LIBRARY_OBJECTS := $(LIBRARY_SOURCES:src/%.c=$(BUILD)/obj/%.o)
MAIN_OBJECTS := $(BUILD)/obj/privsep-wrap.o $(BUILD)/obj/ctl/main.o

UNIT_TESTS := $(patsubst tests/unit/%.c,$(BUILD)/tests/%,$(wildcard tests/unit/check_*.c))
DRIVERS := $(patsubst tests/drivers/%.c,$(BUILD)/tests/%,$(wildcard tests/drivers/*.c))
FUZZERS := $(patsubst tests/fuzz/%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
SLOW_TESTS := $(wildcard $(patsubst %,tests/functional/%.sh,storm_* examples_* audit_bytes audit_failures \
	audit_journald audit_json audit_mask audit_stream demo install-deps ip_oracle not_confined report run-tests sandbox))
FUNCTIONAL_TESTS := $(filter-out %/lib.sh $(SLOW_TESTS),$(wildcard tests/functional/*.sh))
ATTACKS := $(filter-out %/lib.sh,$(wildcard tests/attacks/*.sh))
PARITY_TESTS := $(wildcard tests/parity/check_*.py)
MAN_PAGES := $(wildcard man/*.[58])
EXAMPLES := $(patsubst etc/%,%,$(wildcard etc/examples/*.* etc/examples/*/*/*.conf))

.PHONY: all check check-programs check-slow check-sanitize check-valgrind check-valgrind-brief check-attacks \
	check-mutants check-mutants-brief check-storm install uninstall clean dist bench lint coverage fuzz \
	fuzz-smoke demo test-programs

all: $(PROGRAMS:%=$(BUILD)/%)

$(BUILD)/privsep-wrap: $(BUILD)/obj/privsep-wrap.o $(LIBRARY)
	$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $^ $(LIBRARY_LDLIBS) $(LDLIBS)

$(BUILD)/privsep-wrapctl: $(BUILD)/obj/ctl/main.o $(LIBRARY)
	$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $^ $(LIBRARY_LDLIBS) $(LDLIBS)

$(LIBRARY): $(LIBRARY_OBJECTS)
	rm -f $@
	$(AR) rcs $@ $^

$(BUILD)/obj/%.o: src/%.c
	@mkdir -p $(@D)
	$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/tests/check_%: tests/unit/check_%.c $(LIBRARY)
	@mkdir -p $(@D)
	$(CC) $(ALL_CPPFLAGS) -Itests/unit $(CHECK_CFLAGS) $(ALL_CFLAGS) $(ALL_LDFLAGS) -MMD -MP -o $@ $< $(LIBRARY) \
		$(LIBRARY_LDLIBS) $(CHECK_LDLIBS)

$(BUILD)/tests/%: tests/drivers/%.c $(LIBRARY)
	@mkdir -p $(@D)
	$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) $(ALL_LDFLAGS) -MMD -MP -o $@ $< $(LIBRARY) $(LIBRARY_LDLIBS)

# Each fuzzer with a main() of ours that runs the corpus: no special compiler is needed.
$(BUILD)/tests/fuzz_%: tests/fuzz/fuzz_%.c tests/fuzz/corpus_main.c $(LIBRARY)
	@mkdir -p $(@D)
	$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) $(ALL_LDFLAGS) -MMD -MP -o $@ $< tests/fuzz/corpus_main.c $(LIBRARY) \
		$(LIBRARY_LDLIBS)

test-programs: all $(UNIT_TESTS) $(DRIVERS) $(FUZZERS:%=$(BUILD)/tests/%)

check:
	scripts/install-deps test
	+$(MAKE) check-programs

# They wait for most of their time: beside the others, if they begin first.
WAITING := tests/functional/supervise.sh $(BUILD)/tests/check_supervise tests/functional/path_guard.sh

check-programs: test-programs
	PARITY_COUNT=30000 tests/run-tests $(WAITING) $(PARITY_TESTS) \
		$(filter-out $(WAITING),$(UNIT_TESTS) $(FUNCTIONAL_TESTS)) tests/fuzz/run-corpus

# Storms, a few runs of each; the examples of etc/examples with the programs that they are for; the rest of the audit
# trail; the tools of the tests; many more inputs for the comparison with Python and with oslo.rootwrap.
check-slow: test-programs
	scripts/install-deps test
	tests/run-tests $(SLOW_TESTS) $(PARITY_TESTS)

SANITIZE := CC=clang BUILD=$(BUILD)/sanitize HARDENING= HARDENING_LDFLAGS= \
	CFLAGS='-O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all' \
	LDFLAGS='-fsanitize=address,undefined'

# These change nothing of their process: where a fork is dear, one is enough for all tests of a program.
UNFORKED := $(patsubst %,$(BUILD)/tests/check_%,ascii context guard ini ip_grammar json pattern quote record \
	record_lines translate utf8)

check-sanitize:
	+$(MAKE) $(SANITIZE) test-programs
	CK_FORK=no ASAN_OPTIONS=detect_leaks=1 BUILD=$(BUILD)/sanitize \
		tests/run-tests $(UNFORKED:$(BUILD)/%=$(BUILD)/sanitize/%)
	ASAN_OPTIONS=detect_leaks=1 BUILD=$(BUILD)/sanitize tests/run-tests tests/fuzz/run-corpus \
		$(patsubst $(BUILD)/%,$(BUILD)/sanitize/%,$(filter-out $(UNFORKED),$(UNIT_TESTS)))

# valgrind knows no pidfds, and keeps signals and limits of its own: these cannot pass under it.
UNDER_VALGRIND := $(filter-out %/check_kill_target %/check_execute %/check_process %/check_limits \
	%/check_path_guard %/check_supervise %/check_descendants,$(UNIT_TESTS))

VALGRIND := valgrind --quiet --error-exitcode=9 --leak-check=full --show-leak-kinds=definite

# The two slowest are left to `make check-valgrind`, as are all that need a fork for each test.
BRIEF := $(filter-out %/check_record %/check_record_lines,$(UNFORKED))

check-valgrind: check-valgrind-brief
	VALGRIND='$(VALGRIND)' BUILD=$(BUILD)/valgrind tests/run-tests \
		$(patsubst $(BUILD)/%,$(BUILD)/valgrind/%,$(filter-out $(BRIEF),$(UNDER_VALGRIND)))

# Without AUTO_INIT, which would hide from valgrind what is not set.
check-valgrind-brief:
	+$(MAKE) BUILD=$(BUILD)/valgrind AUTO_INIT= test-programs
	CK_FORK=no VALGRIND='$(VALGRIND)' BUILD=$(BUILD)/valgrind \
		tests/run-tests $(BRIEF:$(BUILD)/%=$(BUILD)/valgrind/%)

# The storms of `make check-slow` at full size; each one's numbers are printed.
STORM := STORM_RUNS=1000 STORM_CHOWN_RUNS=20000 STORM_SUDO_RUNS=1000 \
	STORM_SUPERVISED_RUNS=1000 STORM_SUPERVISED_SUDO_RUNS=1000 STORM_LOAD_RUNS=20000 \
	STORM_AUDIT_RUNS=9360 STORM_AUDIT_SUDO_RUNS=640
STORM_TESTS := $(wildcard tests/functional/storm_*.sh)

check-storm: test-programs
	$(STORM) TEST_TIMEOUT=7200 tests/run-tests $(STORM_TESTS)
	@grep -h '^# ' $(STORM_TESTS:tests/functional/%.sh=$(BUILD)/test-logs/%.sh.log)

# What a hostile caller tries, case by case.
check-attacks: test-programs
	tests/run-tests $(ATTACKS)

# Takes each defence out once and shows that a test goes red.
check-mutants:
	TEST_TIMEOUT=7200 tests/run-tests tests/mutants/run

# One of twelve; and that all apply.
check-mutants-brief:
	EVERY=12 TEST_TIMEOUT=7200 tests/run-tests tests/mutants/run

lint:
	scripts/lint

coverage:
	tests/coverage/run

# ENGINE=libfuzzer or afl
fuzz:
	ENGINE=$(ENGINE) tests/fuzz/run $(FUZZ_SECONDS)

fuzz-smoke:
	tests/fuzz/run 10

bench: test-programs
	tests/bench/run

demo:
	scripts/install-deps build
	+$(MAKE) all
	scripts/demo

install: all
	$(INSTALL) -d $(DESTDIR)$(BINDIR) $(DESTDIR)$(MANDIR)/man5 $(DESTDIR)$(MANDIR)/man8 \
		$(DESTDIR)$(DATADIR)/filters.d $(DESTDIR)$(DATADIR)/etc
	$(INSTALL) -m 0755 $(PROGRAMS:%=$(BUILD)/%) $(DESTDIR)$(BINDIR)
	$(INSTALL) -m 0644 $(filter %.5,$(MAN_PAGES)) $(DESTDIR)$(MANDIR)/man5
	$(INSTALL) -m 0644 $(filter %.8,$(MAN_PAGES)) $(DESTDIR)$(MANDIR)/man8
	$(INSTALL) -m 0644 filters.d/*.filters $(DESTDIR)$(DATADIR)/filters.d
	$(INSTALL) -m 0644 etc/rootwrap.conf $(DESTDIR)$(DATADIR)/etc
	for file in $(EXAMPLES); do \
		$(INSTALL) -D -m 0644 "etc/$$file" "$(DESTDIR)$(DATADIR)/$$file" || exit; \
	done

uninstall:
	rm -f $(PROGRAMS:%=$(DESTDIR)$(BINDIR)/%)
	rm -f $(patsubst man/%.5,$(DESTDIR)$(MANDIR)/man5/%.5,$(filter %.5,$(MAN_PAGES)))
	rm -f $(patsubst man/%.8,$(DESTDIR)$(MANDIR)/man8/%.8,$(filter %.8,$(MAN_PAGES)))
	rm -rf $(DESTDIR)$(DATADIR)

dist:
	mkdir -p $(BUILD)
	git archive --prefix=privsep-wrap-$(VERSION)/ -o $(BUILD)/privsep-wrap-$(VERSION).tar.gz HEAD

clean:
	rm -rf $(BUILD)

-include $(LIBRARY_OBJECTS:.o=.d) $(MAIN_OBJECTS:.o=.d) $(wildcard $(BUILD)/tests/*.d)
