package org.jbootd.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jbootd.app.cli.DaemonLab.PATIENCE;
import static org.jbootd.app.cli.DaemonLab.boot;
import static org.jbootd.app.demo.SimulatedMachine.Program.FIRMWARE;
import static org.jbootd.app.demo.SimulatedMachine.Program.OPERATING_SYSTEM;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.UUID;
import org.jbootd.app.demo.Reply;
import org.jbootd.app.demo.SimulatedMachine;
import org.jbootd.domain.net.Ipv4;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who hears what of machines that the real daemon serves. */
class NotifyLifeTest {

    private static final String POOL = "pool_start = 127.0.0.100\n";
    private static final String FIRST = "127.0.0.100";
    private static final String MAC = "02-00-00-00-00-01";
    private static final String BOOT = "BOOT,12345678-ABCD-EF00-1111-ABCDEFABCDEF," + MAC + "," + FIRST;
    private static final String LEASE = "LEASE,12345678-ABCD-EF00-1111-ABCDEFABCDEF," + MAC + "," + FIRST;
    private static final String RELEASE = "RELEASE,12345678-ABCD-EF00-1111-ABCDEFABCDEF," + MAC + "," + FIRST;

    @TempDir
    private Path directory;

    private DaemonLab lab;
    private SimulatedMachine anna;

    @BeforeEach
    void furnish() throws IOException {
        lab = new DaemonLab(directory);
        anna = lab.machine(1, UUID.fromString("12345678-abcd-ef00-1111-abcdefabcdef"));
    }

    @AfterEach
    void stop() {
        lab.close();
    }

    /** @param port 0 for any */
    static DatagramSocket listener(int port) throws IOException {
        DatagramSocket socket = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        socket.setSoTimeout((int) PATIENCE.toMillis());
        return socket;
    }

    /** A port that nobody listens at. */
    private static int freePort() throws IOException {
        try (DatagramSocket socket = listener(0)) {
            return socket.getLocalPort();
        }
    }

    private static String at(DatagramSocket listener) {
        return "127.0.0.1:" + listener.getLocalPort();
    }

    static String hear(DatagramSocket listener) throws IOException {
        DatagramPacket datagram = new DatagramPacket(new byte[500], 500);
        listener.receive(datagram);
        return new String(datagram.getData(), 0, datagram.getLength(), StandardCharsets.US_ASCII);
    }

    /** The next that is none of {@code before}: a machine that repeats its request is told of again. */
    private static String hearBehind(DatagramSocket listener, String before) throws IOException {
        String heard = hear(listener);
        while (heard.equals(before)) {
            heard = hear(listener);
        }
        return heard;
    }

    @Test
    void everyListenerHearsOfBootsLeasesAndReleases() throws IOException, InterruptedException {
        try (DatagramSocket one = listener(0);
                DatagramSocket two = listener(0);
                Child child = lab.daemon(POOL + "notify = " + at(one) + " ; localhost:" + two.getLocalPort(), "")) {
            boot(anna, FIRMWARE);
            Reply ack = boot(anna, OPERATING_SYSTEM);
            lab.release(ack);
            for (DatagramSocket listener : new DatagramSocket[] {one, two}) {
                assertThat(hear(listener)).isEqualTo(BOOT);
                assertThat(hearBehind(listener, BOOT)).isEqualTo(LEASE);
                assertThat(hearBehind(listener, LEASE)).isEqualTo(RELEASE);
            }

            child.signal("TERM");
            child.await(" sent, 0 failed, 0 left out");
            assertThat(child.exitStatus()).isZero();
        }
    }

    @Test
    void listenersThatCannotBeReachedCostNeitherMachinesNorOtherListenersAnything()
            throws IOException, InterruptedException {
        int deaf = freePort();
        try (DatagramSocket one = listener(0);
                Child child =
                        lab.daemon(POOL + "notify = nobody.invalid:11000; 127.0.0.1:" + deaf + "; " + at(one), "")) {
            assertThat(boot(anna, FIRMWARE).address()).isEqualTo(Ipv4.parse(FIRST));
            assertThat(boot(anna, OPERATING_SYSTEM).address()).isEqualTo(Ipv4.parse(FIRST));
            assertThat(hear(one)).isEqualTo(BOOT);
            assertThat(hearBehind(one, BOOT)).isEqualTo(LEASE);

            child.signal("TERM");
            assertThat(child.exitStatus()).isZero();
            assertThat(child.output())
                    .filteredOn(line -> line.contains("notifications to "))
                    .anyMatch(line -> line.contains("notifications to nobody.invalid:11000 are lost: the name "))
                    .areExactly(
                            1,
                            new org.assertj.core.api.Condition<>(
                                    line -> line.contains(":" + deaf + " are lost: nobody listens there"), "once"));
        }
    }

    @Test
    void aReloadChangesTheOrderOfUuids() throws IOException, InterruptedException {
        try (DatagramSocket one = listener(0);
                Child child = lab.daemon(POOL + "uuid_order = wire\nnotify = " + at(one), "")) {
            String asSent = BOOT.replace("12345678-ABCD-EF00", "78563412-CDAB-00EF");
            boot(anna, FIRMWARE);
            assertThat(hear(one)).isEqualTo(asSent);

            lab.write(POOL + "notify = " + at(one), "");
            child.signal("HUP");
            child.await("the configuration was taken over");
            boot(anna, FIRMWARE);
            assertThat(hearBehind(one, asSent)).isEqualTo(BOOT);
        }
    }

    @Test
    void aReloadTellsOthersAndAListenerMayComeBack() throws IOException, InterruptedException {
        DatagramSocket two = listener(0);
        int port = two.getLocalPort();
        try (DatagramSocket one = listener(0);
                Child child = lab.daemon(POOL + "notify = " + at(one), "")) {
            boot(anna, FIRMWARE);
            assertThat(hear(one)).isEqualTo(BOOT);

            lab.write(POOL + "notify = " + at(two), "");
            child.signal("HUP");
            child.await("the configuration was taken over");
            boot(anna, OPERATING_SYSTEM);
            assertThat(hear(two)).isEqualTo(LEASE);

            lab.write(POOL + "notify = nowhere", "");
            child.signal("HUP");
            child.await(":3: [bootp] notify: 'nowhere' is nobody to notify: write host:port, as in 127.0.0.1:11000");
            child.await("the one in force stays");
            two.close();
            boot(anna, FIRMWARE);
            try (DatagramSocket again = listener(port)) {
                boot(anna, OPERATING_SYSTEM);
                assertThat(hearBehind(again, BOOT)).isEqualTo(LEASE);
            }

            lab.write(POOL + "notify = " + at(one), "");
            child.signal("HUP");
            child.await("who is notified: [" + at(one));
            Reply ack = boot(anna, OPERATING_SYSTEM);
            lab.release(ack);
            assertThat(hearBehind(one, BOOT)).isEqualTo(LEASE);
            assertThat(hearBehind(one, LEASE)).isEqualTo(RELEASE);
        }
    }
}
