package org.jbootd.app.cli;

import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jbootd.app.leases.Ledger;
import org.jbootd.app.leases.LedgerProblem;
import org.jbootd.app.leases.Moment;
import org.jbootd.app.leases.Printing;
import org.jbootd.domain.net.HardwareAddress;
import org.jbootd.domain.net.Ipv4;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** The commands of {@code jbootd leases} that ask. What they ask is in docs/audit.md, for those who ask more. */
final class LeaseQuestions {

    private static final Pattern UUID = Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

    private LeaseQuestions() {}

    /** As people write it, or as answers have one that is not Ethernet's. */
    private static HardwareAddress hardware(String text) {
        if (!text.contains("/")) {
            return HardwareAddress.parse(text);
        }
        try {
            return HardwareAddress.parseRecorded(text);
        } catch (IllegalArgumentException problem) {
            throw new IllegalArgumentException(
                    "'" + text + "' is no hardware address with its type, as in 32/02-00-00-00-AA-01-02-03", problem);
        }
    }

    /** What all of them have. */
    abstract static class Question implements Callable<Integer> {

        @ParentCommand
        private LeasesCommand leases;

        @Spec
        private CommandSpec command;

        @Option(names = "--json", description = "write JSON")
        private boolean json;

        final int ask(String sql, List<?> arguments, String nothing) {
            return ask(Printing.Form.TABLE, sql, arguments, () -> nothing);
        }

        /** @param form of the answer without {@code --json} */
        final int ask(Printing.Form form, String sql, List<?> arguments, LeasesCommand.Nothing nothing) {
            return run(ledger -> ask(ledger, form, sql, arguments, nothing));
        }

        final int run(LeasesCommand.Work work) {
            return leases.runQuestion(command, work);
        }

        final int ask(Ledger ledger, Printing.Form form, String sql, List<?> arguments, LeasesCommand.Nothing nothing)
                throws LedgerProblem {
            return LeasesCommand.ask(command, ledger, json ? Printing.Form.JSON : form, sql, arguments, nothing);
        }

        /** @return what is said when nothing is leased in it @throws LedgerProblem when it is known that there is none */
        final String nothingIn(Optional<String> network) throws LedgerProblem {
            if (network.isPresent()) {
                leases.needNetwork(network.get());
            }
            return "nothing is leased";
        }

        final String mac(String text) {
            return LeasesCommand.parsed(command, "MAC", text, LeaseQuestions::hardware)
                    .toString();
        }

        final String address(String text) {
            return LeasesCommand.parsed(command, "ADDRESS", text, Ipv4::parse).toString();
        }

        final Moment time(String option, String text) {
            return LeasesCommand.parsed(command, option, text, value -> Moment.parse(value, ZoneId.systemDefault()));
        }

        /** To stderr, so that programs get nothing but the answer. */
        final void remark(String text) {
            command.commandLine().getErr().println("jbootd: " + text);
        }
    }

    /** {@code leases list}. */
    @Command(name = "list", description = "Show what is leased now.")
    static final class ListLeases extends Question {

        @Option(names = "--all", description = "addresses that were given back or have run out as well")
        private boolean all;

        @Option(names = "--subnet", paramLabel = "NAME", description = "of one network only")
        private Optional<String> subnet = Optional.empty();

        @Override
        public Integer call() {
            String sql = """
                    SELECT address, hardware, state, since, until, host_name, subnet, machine_uuid, client_identifier, reserved
                    FROM lease_current WHERE (? OR reserved OR state IN ('BOUND', 'DECLINED')) AND (? OR subnet = ?)
                    ORDER BY address_number""";
            return ask(
                    Printing.Form.TABLE,
                    sql,
                    List.of(all, subnet.isEmpty(), subnet.orElse("")),
                    () -> nothingIn(subnet));
        }
    }

    /** {@code leases who-had}. */
    @Command(
            name = "who-had",
            description = "Tell which machine had an address.",
            footer =
                    "%nWithout --at: all that ever had it, the last first. A time without a zone is of this host's zone, and one"
                            + " without a fraction is the whole second. Times that are shown are UTC, and can be given back.")
    static final class WhoHad extends Question {

        @Parameters(paramLabel = "ADDRESS", description = "an IPv4 address")
        private String address;

        @Option(names = "--at", paramLabel = "TIME", description = "when, as in '2026-11-24 14:05'")
        private Optional<String> at = Optional.empty();

        private static final String COLUMNS =
                "SELECT address, hardware, started, ended, how_ended, host_name, machine_uuid, client_identifier, subnet"
                        + " FROM lease_interval WHERE address = ?";

        @Override
        public Integer call() {
            String asked = address(address);
            if (at.isEmpty()) {
                return ask(COLUMNS + " ORDER BY started DESC", List.of(asked), "nobody ever had " + asked);
            }
            Moment time = time("--at", at.get());
            if (time.first().isAfter(Instant.now())) {
                remark(time.first() + " is to come: this is who has " + asked + " now");
            }
            return ask(
                    COLUMNS + " AND started <= CAST(? AS TIMESTAMP WITH TIME ZONE)"
                            + " AND (ended IS NULL OR ended > CAST(? AS TIMESTAMP WITH TIME ZONE)) ORDER BY started DESC",
                    List.of(asked, time.last().toString(), time.first().toString()),
                    "nobody had " + asked + " at " + time.first());
        }
    }

    /** {@code leases history}. */
    @Command(name = "history", description = "Show every change of the leases of a machine, or of an address.")
    static final class History extends Question {

        @Parameters(paramLabel = "MAC|UUID|ADDRESS", description = "whose, or of what")
        private String whose;

        private static final String CHANGES = """
                SELECT seq, recorded_at, kind, address, hardware, cause, stage, architecture, until, host_name, machine_uuid,
                    client_identifier, relay, circuit_id, remote_id, subnet, node
                FROM lease_change WHERE %s""";

        /** A machine may have told its UUID long after its lease began; so it is looked for in every event. */
        private static final String MACHINES =
                "SELECT DISTINCT hardware FROM lease_event WHERE machine_uuid = CAST(? AS UUID)";

        @Override
        public Integer call() {
            if (UUID.matcher(whose).matches()) {
                return run(ledger -> {
                    List<Object> machines = new ArrayList<>();
                    ledger.ask(MACHINES, List.of(whose), row -> machines.add(row.get(0)));
                    return ask(ledger, machines);
                });
            }
            boolean address = whose.matches("[0-9.]*\\.[0-9.]*");
            return ask(
                    CHANGES.formatted(address ? "address = ?" : "hardware = ?") + " ORDER BY seq",
                    List.of(address ? address(whose) : mac(whose)),
                    nothing());
        }

        /** Each by itself, as one index finds one machine at once. */
        private int ask(Ledger ledger, List<Object> machines) throws LedgerProblem {
            String changes = machines.isEmpty()
                    ? CHANGES.formatted("1 = 0")
                    : String.join(
                            " UNION ALL ", Collections.nCopies(machines.size(), CHANGES.formatted("hardware = ?")));
            return ask(ledger, Printing.Form.TABLE, changes + " ORDER BY seq", machines, this::nothing);
        }

        private String nothing() {
            return "nothing is recorded of " + whose;
        }
    }

    /** {@code leases timeline}. */
    @Command(
            name = "timeline",
            description = "Show what a machine did, from its first message on: leases, refusals, and files it fetched.")
    static final class Timeline extends Question {

        @Parameters(paramLabel = "MAC", description = "of the machine")
        private String mac;

        @Option(names = "--since", paramLabel = "TIME", description = "from when on")
        private Optional<String> since = Optional.empty();

        @Override
        public Integer call() {
            String time =
                    since.map(text -> time("--since", text).first().toString()).orElse("0001-01-01T00:00:00Z");
            return ask("""
                    SELECT at, event, address, stage, architecture, file, octets, retransmissions, milliseconds, outcome, detail, times
                    FROM boot WHERE hardware = ? AND at >= CAST(? AS TIMESTAMP WITH TIME ZONE) ORDER BY at, seq""", List.of(mac(mac), time), "nothing is recorded of " + mac);
        }
    }

    /** {@code leases refusals}. */
    @Command(name = "refusals", description = "Show who got no address, or no answer, and why; the last first.")
    static final class Refusals extends Question {

        @Parameters(paramLabel = "MAC", arity = "0..1", description = "of one machine only")
        private Optional<String> mac = Optional.empty();

        @Option(
                names = "--limit",
                paramLabel = "N",
                defaultValue = "100",
                description = "at most so many: ${DEFAULT-VALUE}")
        private int limit;

        @Override
        public Integer call() {
            String columns =
                    "SELECT last_at, hardware, reason, message, times, detail, address, subnet, relay, first_at,"
                            + " host_name, stage, architecture, machine_uuid FROM refusal";
            String end = " ORDER BY last_at DESC FETCH FIRST ? ROWS ONLY";
            return mac.isPresent()
                    ? ask(
                            columns + " WHERE hardware = ?" + end,
                            List.of(mac(mac.get()), limit),
                            "nothing was refused to it")
                    : ask(columns + end, List.of(limit), "nothing was refused");
        }
    }

    /** {@code leases sql}. */
    @Command(name = "sql", description = "Ask the history in SQL, without being able to change it.")
    static final class Sql extends Question {

        @Parameters(
                paramLabel = "QUESTION",
                description = "as in \"SELECT * FROM lease_current\"; docs/audit.md has the views")
        private String sql;

        @Override
        public Integer call() {
            return ask(sql, List.of(), "no rows");
        }
    }

    /** {@code leases export}. */
    @Command(
            name = "export",
            description = "Write the leases, or all of their history, for programs: as CSV, or as JSON.")
    static final class Export extends Question {

        /** What can be written. */
        enum What {
            LEASES("SELECT * FROM lease_current ORDER BY address_number"),
            HISTORY("SELECT * FROM lease_event ORDER BY seq"),
            INTERVALS("SELECT * FROM lease_interval ORDER BY address, started"),
            REFUSALS("SELECT * FROM refusal ORDER BY first_at");

            private final String sql;

            What(String sql) {
                this.sql = sql;
            }
        }

        @Parameters(
                paramLabel = "WHAT",
                arity = "0..1",
                defaultValue = "leases",
                description = "${COMPLETION-CANDIDATES}: ${DEFAULT-VALUE}")
        private What what;

        @Override
        public Integer call() {
            return ask(Printing.Form.CSV, what.sql, List.of(), () -> "");
        }
    }
}
