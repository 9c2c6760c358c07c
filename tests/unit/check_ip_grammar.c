#include "filters/ip_grammar.h"

#include "fixture.h"

static int check(const char *line, size_t *index, struct error *error)
{
	const char *const *words;
	size_t count;

	ck_assert_int_eq(quote_read_words(line, &fixture_arena, &words, &count, error), 0);
	return ip_grammar_check(words, count, index, error);
}

/* What network services run, and every object and option once. */
static const char *const admitted[] = {
	"",
	"help",
	"link",
	"link help",
	"link show",
	"link show dev eth0",
	"l sh",
	"link list type vlan",
	"link show type bond_slave",
	"link show master br0 up",
	"-o link show tap0",
	"-d -j link show",
	"-details -json link show",
	"-o -d link show type vxlan",
	"link add name tap0 type dummy",
	"link add tap0 type veth peer name tap1",
	"link add tap0 type veth peer name tap1 netns blue",
	"link add link eth0 name eth0.5 type vlan id 5",
	"link add vx type vxlan id 7 dev eth0 group 239.1.1.1 dstport 4789",
	"link add gre1 type gre remote 192.0.2.1 local 192.0.2.2 ttl 64",
	"link add link eth0 macvtap0 type macvtap mode bridge",
	"link add br0 type bridge",
	"link add vrf-red type vrf table 10",
	"link set dev tap0 up",
	"link set tap0 down",
	"link set dev tap0 mtu 1500",
	"link set dev tap0 address 02:00:00:00:00:01",
	"link set dev tap0 name tap1",
	"link set dev tap0 master br0",
	"link set dev tap0 nomaster",
	"link set dev tap0 vrf vrf-red",
	"link set tap0 netns blue",
	"link set tap0 netns 4711",
	"link set tap0 alias 'a name / with a slash'",
	"link set dev eth0 vf 3 mac 02:00:00:00:00:01 vlan 7 spoofchk off",
	"link set eth0 promisc on",
	"link set eth0 txqueuelen 1000",
	"link set dev eth0 xdp off",
	"link set dev eth0 xdpgeneric off",
	"link set br0 type bridge stp_state 1",
	"link set tap0 type bridge_slave hairpin on",
	"link delete tap0",
	"link del dev tap0 type veth",
	"link property add dev eth0 altname wan",
	"link xstats type bridge",
	"addr",
	"a",
	"address show",
	"addr show dev eth0 permanent",
	"-4 addr list eth0",
	"-6 addr show dev eth0 scope global",
	"addr add 192.0.2.1/24 brd 192.0.2.255 dev eth0 scope global",
	"-6 addr add 2001:db8::1/64 dev eth0",
	"addr replace 192.0.2.1/24 dev eth0",
	"addr r 192.0.2.1/24 dev eth0",
	"addr del 192.0.2.1/24 dev eth0",
	"addr flush dev eth0",
	"addr save",
	"address change 192.0.2.1/24 dev eth0 valid_lft forever",
	"addrlabel list",
	"maddress show dev eth0",
	"maddr add 33:33:00:00:00:01 dev eth0",
	"route",
	"r",
	"route show table main",
	"route list dev eth0 scope link",
	"route get 192.0.2.1",
	"route add default via 192.0.2.1 dev eth0",
	"route add 192.0.2.0/24 dev eth0 table 7 proto static metric 100",
	"route replace default via 192.0.2.1",
	"route r default via 192.0.2.1",
	"route re default via 192.0.2.1",
	"-6 route append default via fe80::1 dev eth0",
	"route del default",
	"route flush cache",
	"route save table 7",
	"route s",
	"route show",
	"route add 192.0.2.0/24 encap mpls 100 via 192.0.2.1",
	"route add 2001:db8::/64 encap seg6local action End.DT6 table 7 dev eth0",
	"route add blackhole 192.0.2.0/24",
	"rule",
	"rule list",
	"rule show priority 7",
	"rule s",
	"rule save",
	"rule add from 192.0.2.0/24 table 7 priority 100",
	"rule add iif eth0 lookup 7",
	"-6 rule del from 2001:db8::/64",
	"rule flush",
	"mrule show",
	"mroute show",
	"neigh",
	"neighbor show dev eth0",
	"neighbour show dev eth0",
	"neigh replace 192.0.2.1 lladdr 02:00:00:00:00:01 dev eth0 nud permanent",
	"neigh add proxy 192.0.2.1 dev eth0",
	"neigh flush dev eth0",
	"ntable show",
	"ntbl show",
	"tunnel show",
	"tunl add t0 mode gre remote 192.0.2.1",
	"tuntap add mode tap name tap0 user app",
	"tap add tap0 mode tap",
	"token list",
	"tcp_metrics show",
	"tcpmetrics flush 192.0.2.1",
	"l2tp show tunnel",
	"fou show",
	"ila list",
	"macsec show",
	"sr tunsrc show",
	"netconf show dev eth0",
	"nexthop show",
	"nexthop add id 1 via 192.0.2.1 dev eth0",
	"nexthop replace id 1 blackhole",
	"mptcp endpoint show",
	"ioam namespace show",
	"stats show dev eth0",
	"xfrm state list",
	"xfrm state add src 192.0.2.1 dst 192.0.2.2 proto esp spi 1 enc aes 0x00",
	"xfrm policy flush",
	"xfrm monitor",
	"xfrm monitor all",
	"xfrm monitor nokeys SA",
	"netns",
	"netns list",
	"netns show",
	"netns l",
	"netns lst",
	"netns list-id",
	"netns list-id target-nsid 3",
	"netns add blue",
	"netns a blue",
	"netns add qrouter-2f9c0d1e-8a7b-4c6d-9e5f-001122334455",
	"netns set blue 7",
	"netns delete blue",
	"netns del blue",
	"-all netns delete",
	"netns identify 4711",
	"netns pids blue",
	"netns help",
	"netn list",
	"vrf",
	"vrf show",
	"vrf show red",
	"vrf identify 4711",
	"vrf pids red",
	"vrf list",
	"monitor",
	"monitor link",
	"monitor all",
	"-timestamp monitor label link address route",
	"monitor all-nsid",
	/* global options, with a value where they take one */
	"-4 link",
	"-6 link",
	"-0 link",
	"-M route",
	"-B link",
	"-h link",
	"-human link",
	"-human-readable link",
	"-iec link",
	"-s link",
	"-stats link",
	"-statistics link",
	"-s -s link",
	"-d link",
	"-r neigh",
	"-o link",
	"-t monitor",
	"-ts monitor",
	"-V",
	"-br addr",
	"-brief addr",
	"-j addr",
	"-p -j addr",
	"-pretty addr",
	"-c addr",
	"-color addr",
	"-color=never addr",
	"-c=auto addr",
	"-help",
	"-N route",
	"-Numeric route",
	"-a netns list",
	"-echo link set eth0 up",
	"-l 5 addr flush dev eth0",
	"-loops 5 addr flush dev eth0",
	"-f inet6 route",
	"-family inet route",
	"-rc 65536 monitor",
	"-rcvbuf 65536 monitor",
	"-n blue link",
	"-netns blue link set dev lo up",
	"-n blue -6 -o addr",
	"-n -all link",
	"--json --brief addr",
	"--netns blue link",
	"-- link show",
	"-4 -- link show",
	/* a lone dash begins -loops */
	"- 5 link",
	/* values are not options, words behind the object are not options either */
	"-l -batch link",
	"-l netns link",
	"-f exec link",
	"link set dev eth0 alias -batch",
	"link set dev -batch up",
	/* what only looks like it */
	"addr show dev exec",
	"addr show dev file",
	"link show dev netns",
	"route get 192.0.2.1 from file",
};

START_TEST(ordinary_command_is_admitted)
{
	struct error error = { .text = "" };
	size_t index = 0;
	int result = check(admitted[_i], &index, &error);

	ck_assert_msg(result == 0, "ip %s: word %zu: %s", admitted[_i], index, error.text);
}
END_TEST

static const struct {
	const char *line;
	size_t index; /* of the offending word */
} refused[] = {
	/* runs a command */
	{ "netns exec blue sh", 1 },
	{ "netns exe blue sh", 1 },
	{ "netns ex blue sh", 1 },
	{ "netns e blue sh", 1 },
	{ "netns exec", 1 },
	{ "netn exec blue sh", 1 },
	{ "net exec blue sh", 1 },
	{ "net e blue sh", 1 },
	{ "-all netns exec sh", 2 },
	{ "-a netns e sh", 2 },
	{ "-4 netns exec blue sh", 2 },
	{ "-n red netns exec blue sh", 3 },
	{ "-- netns exec blue sh", 2 },
	{ "-s -- netns exec blue sh", 3 },
	{ "netns attach blue 1", 1 },
	{ "netns attac blue 1", 1 },
	{ "netns at blue 1", 1 },
	{ "netns monitor", 1 },
	{ "netns mon", 1 },
	{ "netns m", 1 },
	{ "netns '' blue sh", 1 },
	{ "netns execs blue sh", 1 },
	{ "netns EXEC blue sh", 1 },
	{ "netns -all exec sh", 1 },
	{ "netns listx", 1 },
	{ "netns unknown", 1 },
	{ "vrf exec red sh", 1 },
	{ "vrf exe red sh", 1 },
	{ "vrf ex red sh", 1 },
	{ "vrf e red sh", 1 },
	{ "vr e red sh", 1 },
	{ "v exec red sh", 1 },
	{ "-6 vrf exec red sh", 2 },
	{ "vrf '' red sh", 1 },
	{ "vrf unknown", 1 },
	/* a value hides the object behind it */
	{ "-l net netns exec blue sh", 3 },
	{ "-l netns netns exec blue sh", 3 },
	{ "-loops net netns exec blue sh", 3 },
	{ "-lo link netns exec blue sh", 3 },
	{ "--loops link netns exec blue sh", 3 },
	{ "- link netns exec blue sh", 3 },
	{ "-f link netns exec blue sh", 3 },
	{ "-family link vrf exec red sh", 3 },
	{ "-rc link netns exec blue sh", 3 },
	{ "-rcvbuf link monitor file /etc/shadow", 3 },
	{ "-n link netns exec blue sh", 3 },
	{ "-n -n netns exec blue sh", 3 },
	{ "-l -- netns exec blue sh", 3 },
	{ "-l -l -l link netns exec blue sh", 5 },
	{ "-l 1 -f inet -n red -6 netns e blue sh", 8 },
	/* runs the lines of a file */
	{ "-batch /etc/shadow", 0 },
	{ "-batc -", 0 },
	{ "-bat -", 0 },
	{ "-ba -", 0 },
	{ "-b -", 0 },
	{ "-b", 0 },
	{ "--batch -", 0 },
	{ "--bat -", 0 },
	{ "--b -", 0 },
	{ "-4 -batch -", 1 },
	{ "-l 1 -b -", 2 },
	{ "-n blue -batch -", 2 },
	{ "-br -b -", 1 },
	{ "-force link", 0 },
	{ "-forc link", 0 },
	{ "-fo link", 0 },
	{ "--force link", 0 },
	{ "--fo -b -", 0 },
	{ "-force -batch /etc/shadow", 0 },
	/* options that are not known, or not whole */
	{ "-x link", 0 },
	{ "-e link", 0 },
	{ "-ech link", 0 },
	{ "-44 link", 0 },
	{ "-batchx -", 0 },
	{ "-Batch -", 0 },
	{ "-colour link", 0 },
	{ "-netns=blue link", 0 },
	{ "-loops=5 link", 0 },
	{ "---json link", 0 },
	{ "--- link", 0 },
	{ "-$'\\012' link", 0 },
	{ "-l", 0 },
	{ "-n", 0 },
	{ "-f", 0 },
	{ "-rc", 0 },
	{ "-4 -n", 1 },
	/* a namespace's name is no path */
	{ "-n ../../proc/1/ns/net link", 1 },
	{ "-n ../../x link", 1 },
	{ "-n /proc/1/ns/net link", 1 },
	{ "-n blue/ link", 1 },
	{ "-n ./blue link", 1 },
	{ "-n . link", 1 },
	{ "-n .. link", 1 },
	{ "-n '' link", 1 },
	{ "-netns /proc/1/ns/net link", 1 },
	{ "-ne a/b link", 1 },
	{ "--n a/b link", 1 },
	{ "netns add ../blue", 2 },
	{ "netns add /tmp/blue", 2 },
	{ "netns add a/b", 2 },
	{ "netns add .", 2 },
	{ "netns add ..", 2 },
	{ "netns add blue ../red", 3 },
	{ "netns delete ../../etc/passwd", 2 },
	{ "-all netns delete ../x", 3 },
	{ "netns set ../blue 7", 2 },
	{ "netns pids ../blue", 2 },
	{ "netns list a/b", 2 },
	{ "link set tap0 netns /proc/1/ns/net", 4 },
	{ "link set tap0 netns ../../proc/1/ns/net", 4 },
	{ "link set dev tap0 up netns ./x", 6 },
	{ "link add tap0 type veth peer name tap1 netns /proc/1/ns/net", 9 },
	{ "link add gre1 link-netns /proc/1/ns/net type gre", 4 },
	{ "link add gre1 link-n /proc/1/ns/net type gre", 4 },
	{ "l s tap0 netns a/b", 4 },
	/* a type is part of the name of a library */
	{ "link add x type ../../tmp/evil", 4 },
	{ "link add x type /tmp/evil", 4 },
	{ "link add x ty a/b", 4 },
	{ "link add x t a/b", 4 },
	{ "link xstats type a/b", 3 },
	{ "link help ../../tmp/evil", 2 },
	{ "link h a/b", 2 },
	/* reads a file */
	{ "monitor file /etc/shadow", 1 },
	{ "monitor fil /etc/shadow", 1 },
	{ "monitor fi /etc/shadow", 1 },
	{ "monitor f /etc/shadow", 1 },
	{ "mon f /etc/shadow", 1 },
	{ "mo file /etc/shadow", 1 },
	{ "monitor label file /etc/shadow", 2 },
	{ "monitor all-nsid link f /etc/shadow", 3 },
	{ "-n blue monitor file /etc/shadow", 3 },
	{ "xfrm monitor file /etc/shadow", 2 },
	{ "xfrm monitor fi /etc/shadow", 2 },
	{ "x m f /etc/shadow", 2 },
	{ "xfrm mon all f /etc/shadow", 3 },
	{ "link set dev eth0 xdp object /tmp/x.o", 4 },
	{ "link set dev eth0 xdp obj /tmp/x.o", 4 },
	{ "link set dev eth0 xdp pinned /tmp/x", 4 },
	{ "link set dev eth0 xdpgeneric obj /tmp/x.o", 4 },
	{ "link set dev eth0 xdpdrv obj /tmp/x.o", 4 },
	{ "link set dev eth0 xdpoffload obj /tmp/x.o", 4 },
	{ "link set dev eth0 xdp", 4 },
	{ "link set dev eth0 xdp of", 4 },
	{ "link set dev eth0 xdp off xdp obj /tmp/x.o", 6 },
	{ "link add x xdp obj /tmp/x.o type dummy", 3 },
	{ "-4 l set eth0 xdp obj /tmp/x.o", 4 },
	{ "route add 192.0.2.0/24 encap bpf in obj /tmp/x.o dev eth0", 4 },
	{ "r a 192.0.2.0/24 nexthop encap bpf in obj /tmp/x.o", 5 },
	{ "-6 route add 2001:db8::/64 encap seg6local action End.BPF endpoint obj /tmp/x.o dev eth0", 8 },
	{ "nexthop add id 1 encap bpf in obj /tmp/x.o dev eth0", 5 },
	{ "route restore", 1 },
	{ "route restor", 1 },
	{ "route res", 1 },
	{ "r res", 1 },
	{ "route showdump", 1 },
	{ "route showd", 1 },
	{ "addr restore", 1 },
	{ "a res", 1 },
	{ "addr showdump", 1 },
	{ "addr showd", 1 },
	{ "rule restore", 1 },
	{ "rule r", 1 },
	{ "-6 rule res", 2 },
	{ "mrule restore", 1 },
	/* objects that are not known */
	{ "''", 0 },
	{ "-4 ''", 1 },
	{ "unknown", 0 },
	{ "linkx", 0 },
	{ "LINK", 0 },
	{ "'link show'", 0 },
	{ "$'link\\012'", 0 },
	{ "exec", 0 },
	{ "bpf", 0 },
	{ "sh -c x", 0 },
	{ "-- -batch -", 1 },
	{ "-- --", 1 },
	{ "-4 /etc/shadow", 1 },
};

START_TEST(what_runs_or_reads_is_refused)
{
	struct error error = { .text = "" };
	size_t index = 0;
	int result = check(refused[_i].line, &index, &error);

	ck_assert_msg(result == -1, "ip %s is admitted", refused[_i].line);
	ck_assert_str_ne(error.text, "");
	ck_assert_msg(index == refused[_i].index, "ip %s: word %zu: %s", refused[_i].line, index, error.text);
}
END_TEST

/* Every abbreviation that ip itself takes for what must not run, behind options whose value looks like an object. */
static const char *const forbidden[][2] = {
	{ "netns", "exec" }, { "netns", "monitor" }, { "vrf", "exec" }, { "monitor", "file" },
};

static const char *const fronts[][3] = {
	{ NULL },
	{ "-4" },
	{ "--all" },
	{ "-l", "link" },
	{ "-family", "addr" },
	{ "-rcvbuf", "help" },
	{ "-n", "route" },
	{ "--" },
	{ "-l", "link", "--" },
};

static bool is_refused_behind(size_t front, const char *object, const char *subcommand)
{
	const char *words[8];
	size_t count = 0;
	struct error error;
	size_t index;

	for (size_t i = 0; i < ARRAY_LENGTH(fronts[front]) && fronts[front][i]; i++)
		words[count++] = fronts[front][i];
	words[count++] = object;
	words[count++] = subcommand;
	words[count++] = "x";
	words[count++] = "sh";
	return ip_grammar_check(words, count, &index, &error) < 0;
}

START_TEST(no_abbreviation_gets_through)
{
	/* ip takes shorter words for other objects: "n" and "ne" for neighbor, "m" for maddress */
	static const size_t shortest_object[] = { 3, 3, 1, 2 };
	const char *object = forbidden[_i][0];
	const char *subcommand = forbidden[_i][1];

	for (size_t front = 0; front < ARRAY_LENGTH(fronts); front++) {
		for (size_t i = shortest_object[_i]; i <= strlen(object); i++) {
			for (size_t j = 1; j <= strlen(subcommand); j++)
				ck_assert(is_refused_behind(front, arena_copy(&fixture_arena, object, i),
							    arena_copy(&fixture_arena, subcommand, j)));
		}
	}
}
END_TEST

START_TEST(no_abbreviation_of_batch_gets_through)
{
	static const char *const options[] = { "-batch", "-force" };
	static const size_t shortest[] = { 2, 3 }; /* "-f" is -family */

	for (size_t i = 0; i < ARRAY_LENGTH(options); i++) {
		for (size_t length = shortest[i]; length <= strlen(options[i]); length++) {
			const char *word = arena_copy(&fixture_arena, options[i], length);
			const char *const words[] = { word, "x", "link" };
			const char *const two_dashes[] = { arena_format(&fixture_arena, "-%s", word), "x", "link" };
			struct error error;
			size_t index;

			ck_assert_int_eq(ip_grammar_check(words, 3, &index, &error), -1);
			ck_assert_int_eq(ip_grammar_check(two_dashes, 3, &index, &error), -1);
		}
	}
}
END_TEST

static void fill(TCase *tcase)
{
	fixture_add(tcase);
	add_table_test(tcase, ordinary_command_is_admitted, admitted);
	add_table_test(tcase, what_runs_or_reads_is_refused, refused);
	add_table_test(tcase, no_abbreviation_gets_through, forbidden);
	tcase_add_test(tcase, no_abbreviation_of_batch_gets_through);
}

static Suite *make_suite(void)
{
	Suite *suite = suite_create("ip grammar");

	suite_add(suite, "ip grammar", fill);
	return suite;
}

SUITE_MAIN(make_suite)
