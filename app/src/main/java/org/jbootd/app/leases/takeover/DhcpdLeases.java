package org.jbootd.app.leases.takeover;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jbootd.app.ini.Place;
import org.jbootd.app.leases.takeover.DhcpdTokens.Token;

/**
 * ISC dhcpd's {@code dhcpd.leases}: a log of blocks, {@code lease ADDRESS { … }}, of which the last of an address counts. A block that
 * is cut off, as by a crash, ends where the next one begins.
 */
final class DhcpdLeases {

    private static final Pattern BEGINS = Pattern.compile("\\s*(lease|host)\\s+\\S+\\s*\\{.*");

    /** Blocks with something in them that the operator may miss. */
    private static final Set<String> TOLD = Set.of("host", "ia-na", "ia-ta", "ia-pd");

    /** Further blocks and statements that dhcpd writes, of which nothing is taken over. */
    private static final Set<String> HARMLESS =
            Set.of("authoring-byte-order", "server-duid", "failover", "group", "class", "subclass");

    /** Words of a statement, of which the longest has all octets of an option; further ones are left out. */
    private static final int MOST_TOKENS = 1_000;

    private final Instant now;
    private final Intake intake;
    private final List<Token> statement = new ArrayList<>();

    /** Where the statement begins, if there is one. */
    private Place begun;

    /** Whether anything was found that dhcpd writes. */
    private boolean known;

    /** How many braces are open; the first is that of the block. */
    private int depth;

    /** Null in a block that is no lease, and outside. */
    private DhcpdBlock block;

    private DhcpdLeases(Instant now, Intake intake) {
        this.now = now;
        this.intake = intake;
    }

    static void read(Path file, Instant now, Intake intake) throws IOException {
        try (Lines lines = Lines.of(file, intake)) {
            DhcpdLeases reading = new DhcpdLeases(now, intake);
            for (String line = lines.next(); line != null; line = lines.next()) {
                reading.line(line, lines.place());
            }
            reading.cutOff();
            if (!reading.known) {
                throw new IOException("it is no dhcpd.leases: there is no statement of dhcpd's in it");
            }
        }
    }

    private void line(String line, Place place) throws IOException {
        if (BEGINS.matcher(line).matches()) {
            cutOff();
        }
        List<Token> tokens;
        try {
            tokens = DhcpdTokens.of(line);
        } catch (IllegalArgumentException problem) {
            unreadable(place, problem.getMessage());
            return;
        }
        for (Token token : tokens) {
            token(token, place);
        }
    }

    private void unreadable(Place place, String why) {
        if (block == null) {
            intake.problem(place, why);
        } else {
            block.broken("line " + place.line() + ": " + why);
        }
        statement.clear();
    }

    private void cutOff() throws IOException {
        if (depth == 0 && !statement.isEmpty()) {
            unfinished();
        }
        if (block != null) {
            block.broken("it is cut off: there is no } at its end");
            block.end(now, intake);
        }
        block = null;
        depth = 0;
        statement.clear();
    }

    /** Neither a block nor a statement became of it; of a lease its address is known nevertheless, and that its client is not. */
    private void unfinished() throws IOException {
        if (kind().equals("lease") && statement.size() > 1) {
            known = true;
            DhcpdBlock lease = new DhcpdBlock(begun, name());
            lease.broken("it is cut off: there is no {");
            lease.end(now, intake);
        } else {
            intake.problem(begun, "'" + kind() + "' is cut off: there is neither ; nor {");
        }
    }

    private String kind() {
        return statement.isEmpty() ? "" : statement.get(0).text();
    }

    private String name() {
        return statement.size() < 2 ? "" : statement.get(1).text();
    }

    private void token(Token token, Place place) throws IOException {
        if (token.is("{")) {
            if (depth == 0) {
                begin(place);
            }
            depth++;
            statement.clear();
        } else if (token.is("}")) {
            close(place);
            statement.clear();
        } else if (token.is(";")) {
            if (depth == 1 && block != null && !statement.isEmpty()) {
                block.statement(statement, place);
            } else if (depth == 0 && !statement.isEmpty()) {
                recognize(begun);
            }
            statement.clear();
        } else if (statement.size() < MOST_TOKENS) {
            begun = statement.isEmpty() ? place : begun;
            statement.add(token);
        }
    }

    private void begin(Place place) {
        if (kind().equals("lease")) {
            known = true;
            block = new DhcpdBlock(place, name());
            if (statement.size() != 2) {
                block.broken("'lease' is not followed by an address and {");
            }
        } else if (TOLD.contains(kind())) {
            known = true;
            intake.problem(
                    place,
                    kind().equals("host")
                            ? "host " + name() + ": reservations are not taken over: 'jbootd leases reserve'"
                            : "a lease of IPv6, which is not served");
        } else {
            recognize(statement.isEmpty() ? place : begun);
        }
    }

    /** What is not known may be a lease, but for a damaged word. */
    private void recognize(Place place) {
        if (HARMLESS.contains(kind())) {
            known = true;
        } else {
            intake.problem(place, "'" + kind() + "' is nothing that is known of dhcpd.leases");
        }
    }

    private void close(Place place) throws IOException {
        if (depth == 0) {
            intake.problem(place, "there is a } too many");
            return;
        }
        depth--;
        if (depth == 0 && block != null) {
            block.end(now, intake);
            block = null;
        }
    }
}
