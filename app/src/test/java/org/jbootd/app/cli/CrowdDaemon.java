package org.jbootd.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jbootd.app.FreePorts;
import org.jbootd.domain.net.Ipv4;

/** The configuration and the port of a daemon for many {@link Machines}, which may be started on them again and again. */
final class CrowdDaemon {

    /** Clocks run a little slower or faster while they are put right. */
    private static final Duration CLOCK_ERROR = Duration.ofMillis(100);

    private final Path directory;
    private final int port;

    /**
     * @param directory for the configuration and what is beside it
     * @param machines that it is for
     * @param addresses how many there are
     * @param leases lines of that section
     */
    CrowdDaemon(Path directory, Machines machines, int addresses, String leases) throws IOException {
        this.directory = directory;
        port = FreePorts.free();
        Files.writeString(configuration(), """
                [logger]
                level = warning
                [bootp]
                pool_start = 127.1.0.1
                pool_count = %d
                boot_file = a
                allow_simple_dhcp = on
                port = %d
                reply_port = %d
                [tftp]
                root = .
                [leases]
                %s
                """.formatted(addresses, port, machines.replyPort(), leases));
    }

    int port() {
        return port;
    }

    private Path configuration() {
        return directory.resolve("jbootd.ini");
    }

    /** Waits for nothing. @param prefix a command that becomes the program */
    Child launch(List<String> prefix) throws IOException {
        return Child.start(prefix, directory, "-p", "-c", configuration().toString());
    }

    /**
     * Nothing that the machines were told is lost, no address is two machines', and the leases are what the history says: asked of
     * the daemon, or, where it does not run, of what it left.
     */
    void assertKeepsWhatWasTold(Machines machines) {
        LeasesCall verified = LeasesCall.of(configuration(), "verify");
        assertThat(verified.out()).as(verified.err()).contains("the leases are what the history says");
        assertThat(verified.status()).as(verified.out()).isZero();
        Map<String, Machines.Given> stored = stored();
        machines.held().forEach((machine, told) -> {
            String hardware = Machines.hardware(machine).toString();
            assertThat(stored).as("%s was told %s", hardware, told).containsKey(hardware);
            Machines.Given kept = stored.get(hardware);
            assertThat(kept.address()).as("of %s", hardware).isEqualTo(told.address());
            assertThat(kept.until()).as("of %s", hardware).isAfter(told.until().minus(CLOCK_ERROR));
        });
        assertThat(machines.complaints()).isEmpty();
    }

    /** By hardware address. No machine has two addresses, and no address two machines. */
    private Map<String, Machines.Given> stored() {
        Map<String, Machines.Given> stored = new HashMap<>();
        Set<String> addresses = new HashSet<>();
        for (JsonElement row : LeasesCall.of(configuration(), "list", "--json").json()) {
            JsonObject lease = row.getAsJsonObject();
            String hardware = lease.get("hardware").getAsString();
            assertThat(stored.put(hardware, given(lease)))
                    .as("another lease of " + hardware)
                    .isNull();
            assertThat(addresses.add(lease.get("address").getAsString()))
                    .as("nobody else has the address of %s", lease)
                    .isTrue();
        }
        return stored;
    }

    private static Machines.Given given(JsonObject lease) {
        return new Machines.Given(
                Ipv4.parse(lease.get("address").getAsString()),
                Instant.parse(lease.get("until").getAsString()));
    }
}
