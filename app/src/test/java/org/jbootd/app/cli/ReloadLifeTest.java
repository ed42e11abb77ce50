package org.jbootd.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jbootd.app.cli.DaemonLab.SHORT;
import static org.jbootd.app.cli.DaemonLab.boot;
import static org.jbootd.app.demo.SimulatedMachine.Program.FIRMWARE;
import static org.jbootd.app.demo.SimulatedMachine.Program.OPERATING_SYSTEM;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.jbootd.app.demo.Reply;
import org.jbootd.app.demo.SimulatedMachine;
import org.jbootd.domain.net.Ipv4;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SIGHUP and the real daemon. */
class ReloadLifeTest {

    private static final Ipv4 FIRST = Ipv4.parse("127.0.0.100");

    @TempDir
    private Path directory;

    private DaemonLab lab;
    private SimulatedMachine anna;

    @BeforeEach
    void furnish() throws IOException {
        lab = new DaemonLab(directory);
        anna = lab.machine(1);
        Files.writeString(lab.file("one"), "first");
        Files.writeString(lab.file("two"), "second");
    }

    @AfterEach
    void stop() {
        lab.close();
    }

    private void reload(Child child, String bootp, String sections) throws IOException, InterruptedException {
        lab.write(bootp, sections);
        child.signal("HUP");
    }

    @Test
    void accessHostsOptionsAndFiltersChange() throws IOException, InterruptedException {
        try (Child child = lab.daemon("pool_start = 127.0.0.100", "[filters]\nmenu = one\n")) {
            assertThat(boot(anna, FIRMWARE).address()).isEqualTo(FIRST);
            assertThat(lab.firstBlock("menu", FIRST)).isEqualTo("first");

            reload(child, "pool_start = 127.0.0.100\naccess = mac", "[mac]\n02-00-00-00-00-02 = on\n");
            child.await("who may boot: mac");
            child.await("the configuration was taken over");
            assertThat(anna.discover(FIRMWARE, SHORT)).isEmpty();
            child.await("DENIED (not listed in [mac])");

            reload(
                    child,
                    "pool_start = 127.0.0.100\ndomain = example.org\nlease_time = 1h\ndns = auto\nrouter = 127.0.0.9",
                    "[static_dhcp]\n02-00-00-00-00-01 = 127.0.0.201\n[filters]\nmenu = two\n[bootfile]\nuefi-x64 = two\n");
            child.await("the configuration was taken over");
            child.await("these wait for the next start: [bootp] servername and domain, as sname");
            Reply ack = boot(anna, FIRMWARE);
            assertThat(ack.address()).isEqualTo(Ipv4.parse("127.0.0.201"));
            assertThat(ack.bootFile()).isEqualTo("two");
            assertThat(ack.leaseTime())
                    .hasValueSatisfying(time -> assertThat(time).hasHours(1));
            assertThat(ack.packet().options().text(15)).contains("example.org");
            assertThat(ack.packet().options().address(3)).contains(Ipv4.parse("127.0.0.9"));
            assertThat(ack.packet().options().get(6)).isPresent();
            assertThat(lab.firstBlock("menu", ack.address())).isEqualTo("second");

            child.signal("TERM");
            assertThat(child.exitStatus()).isZero();
        }
    }

    @Test
    void othersAreToldOfBootsAndWhoIsToldChanges() throws IOException, InterruptedException {
        try (DatagramSocket former = listener();
                DatagramSocket next = listener();
                Child child = lab.daemon("pool_start = 127.0.0.100\nnotify = 127.0.0.1:" + former.getLocalPort(), "")) {
            boot(anna, FIRMWARE);
            String machine = new UUID(1, 1) + ",02-00-00-00-00-01,127.0.0.100";
            assertThat(heard(former)).isEqualTo("BOOT," + machine);

            reload(child, "pool_start = 127.0.0.100\nnotify = localhost:" + next.getLocalPort(), "");
            child.await("the configuration was taken over");
            boot(anna, OPERATING_SYSTEM);
            assertThat(heard(next)).isEqualTo("LEASE," + machine);
        }
    }

    private static DatagramSocket listener() throws IOException {
        DatagramSocket socket = new DatagramSocket(0, InetAddress.getByName("127.0.0.1"));
        socket.setSoTimeout((int) DaemonLab.PATIENCE.toMillis());
        return socket;
    }

    private static String heard(DatagramSocket listener) throws IOException {
        DatagramPacket datagram = new DatagramPacket(new byte[200], 200);
        listener.receive(datagram);
        return new String(datagram.getData(), 0, datagram.getLength(), StandardCharsets.US_ASCII);
    }

    @Test
    void aMistakeIsNamedByItsLineAndChangesNothing() throws IOException, InterruptedException {
        try (Child child = lab.daemon("pool_start = 127.0.0.100", "[filters]\nmenu = one\n")) {
            reload(child, "pool_start = 127.0.0.100\naccess = mca\nprot = 1", "[filters]\nmenu = two\n");
            child.await(lab.configuration() + ":3: [bootp] access: 'mca' is none of mac, uuid, http");
            child.await(lab.configuration() + ":4: [bootp] prot: unknown key; did you mean 'port'?");
            child.await("the configuration was not taken over; the one in force stays");

            Files.delete(lab.configuration());
            child.signal("HUP");
            child.await("the one in force stays: there is no configuration file '" + lab.configuration() + "'");

            assertThat(boot(anna, FIRMWARE).address()).isEqualTo(FIRST);
            assertThat(lab.firstBlock("menu", FIRST)).isEqualTo("first");
        }
    }

    @Test
    void whatCannotChangeIsNamedAndTheRestChanges() throws IOException, InterruptedException {
        try (Child child = lab.daemon("pool_start = 127.0.0.100", "")) {
            lab.write("pool_start = 127.0.0.100", "[logger]\nlevel = debug\n");
            String changed = Files.readString(lab.configuration())
                    .replaceFirst("\nport = \\d+\n", "\nport = 6767\n")
                    .replaceFirst("port = \\d+\nroot", "port = 6969\nroot")
                    .replace("data_dir = leases", "data_dir = elsewhere")
                    .replace("[tftp]", "[tftp]\nblocksize = 1024");
            Files.writeString(lab.configuration(), changed);
            child.signal("HUP");
            child.await(
                    "these wait for the next start: [bootp] port, [leases] data_dir, [tftp] port, [tftp] blocksize");

            assertThat(boot(anna, FIRMWARE).address()).isEqualTo(FIRST);
            assertThat(directory.resolve("elsewhere")).doesNotExist();
        }
    }

    @Test
    void anotherNetworkIsRefused() throws IOException, InterruptedException {
        try (Child child = lab.daemon("pool_start = 127.0.0.100", "")) {
            reload(child, "pool_start = 127.0.0.100\nnetmask = 255.255.0.0", "");
            child.await("[bootp] pool_start, interface, address and netmask choose 127.0.0.0/16 by 127.0.0.1 now");

            assertThat(boot(anna, FIRMWARE).packet().options().address(1)).contains(Ipv4.parse("255.0.0.0"));
        }
    }

    @Test
    void aReloadThatWouldOrphanLeasesIsRefusedUnlessTheirNumberIsWritten() throws IOException, InterruptedException {
        try (Child child = lab.daemon("pool_start = 127.0.0.100", "")) {
            boot(anna, FIRMWARE);

            reload(child, "pool_start = 127.0.0.150", "");
            child.await("the one in force stays: 1 live leases would lose their address, that of 02-00-00-00-00-01"
                    + " (127.0.0.100) among them");
            assertThat(boot(anna, FIRMWARE).address()).isEqualTo(FIRST);

            reload(child, "pool_start = 127.0.0.150", "orphans = 1\n");
            child.await("the configuration was taken over");
            assertThat(boot(anna, FIRMWARE).address()).isEqualTo(Ipv4.parse("127.0.0.150"));
        }
    }

    @Test
    void aReloadDuringTheStartWaitsForIt() throws IOException, InterruptedException {
        lab.write("pool_start = 127.0.0.100", "");
        try (Child child = Child.start(directory, "-c", lab.configuration().toString())) {
            child.await(" with ");
            child.signal("HUP");
            child.await("reading the configuration again");
            child.await("the configuration was taken over");
        }
    }
}
