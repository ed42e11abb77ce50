package org.jbootd.app.demo;

import static org.jbootd.app.demo.SimulatedMachine.Program.FIRMWARE;
import static org.jbootd.app.demo.SimulatedMachine.Program.OPERATING_SYSTEM;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.jbootd.app.demo.SimulatedMachine.Program;
import org.jbootd.domain.client.ClientArchitecture;
import org.jbootd.domain.net.HardwareAddress;
import org.jbootd.domain.net.Ipv4;

/**
 * The main job, shown step by step: a machine boots through a real daemon in a process of its own, the daemon is killed,
 * and the machine still gets its address. Every step is checked; the first one that does not happen ends it.
 */
final class Demo implements AutoCloseable {

    private static final int STEPS = 9;
    private static final int BLOCK_SIZE = 1428;
    private static final int WINDOW_SIZE = 16;

    private final DemoSite site;
    private final LoopbackWire wire;
    private final List<String> command;
    private final Duration patience;
    private final Narrator narrator;

    /** The one that runs now. Set under the lock, so that closing misses none. */
    private DaemonProcess daemon;

    private boolean closed;

    /**
     * @param command how this program is started, without arguments
     * @param patience for each single thing that must happen
     */
    Demo(DemoSite site, LoopbackWire wire, List<String> command, Duration patience, PrintWriter out) {
        this.site = site;
        this.wire = wire;
        this.command = command;
        this.patience = patience;
        this.narrator = new Narrator(out, STEPS);
    }

    /** True when every step really happened. */
    boolean run() throws InterruptedException {
        introduce();
        try {
            site.furnish(wire.replyPort());
            play();
            conclude();
            return true;
        } catch (StepFailed | IOException e) {
            narrator.pause();
            narrator.say("FAILED at " + narrator.currentStep() + ": " + e.getMessage());
            showLog();
            return false;
        }
    }

    private void introduce() {
        narrator.title("jbootd demo: a machine boots over the network, and the server is killed on the way");
        narrator.say(
                "What you see really happens, between programs on this computer: a jbootd server in a process of its"
                        + " own, and a simulated machine that talks to it over UDP on the loopback interface. Nothing leaves this"
                        + " computer, and no root is needed. Times count from the beginning.");
    }

    private void play() throws StepFailed, IOException, InterruptedException {
        startDaemon(
                "The server starts",
                "It hands out network addresses (DHCP) and files (TFTP). Whom it gave which"
                        + " address - a lease - it keeps on disk.");
        narrator.fact("addresses", DemoSite.POOL_COUNT + " from " + DemoSite.POOL_START + " on");
        narrator.fact("DHCP", "UDP port " + site.dhcpPort() + "  (67 on a real network)");
        narrator.fact("TFTP", "UDP port " + site.tftpPort() + "  (69 on a real network)");
        narrator.fact("leases", "H2 database in " + site.leases());

        Random random = new Random();
        SimulatedMachine machine = machine("52-54-00-DE-40-01", new ClientArchitecture(7), random);
        Reply lease = firmwareBoots(machine);
        loadBootFile(lease);
        operatingSystemAsks(machine, lease.address());
        killAndRestart();
        rebootAfterKill(machine, lease.address());
        bootAfterKill(machine, lease.address());
        SimulatedMachine other = machine("52-54-00-DE-40-02", new ClientArchitecture(0), random);
        otherMachineBoots(other, lease.address());
    }

    private SimulatedMachine machine(String hardware, ClientArchitecture architecture, Random random) {
        UUID uuid = new UUID(random.nextLong(), random.nextLong());
        return new SimulatedMachine(HardwareAddress.parse(hardware), uuid, architecture, wire, random);
    }

    private void startDaemon(String name, String why) throws StepFailed, IOException, InterruptedException {
        narrator.step(name, why);
        startDaemon();
    }

    private void startDaemon() throws StepFailed, IOException, InterruptedException {
        Deadline start = new Deadline(patience);
        launch();
        narrator.fact("process", daemon.pid());
        daemon.awaitReady(patience);
        narrator.fact("ready", "after " + Narrator.millis(start.elapsed()));
    }

    private synchronized void launch() throws StepFailed, IOException {
        check(!closed, "interrupted");
        daemon = DaemonProcess.start(command, site.config(), site.log());
    }

    private Reply firmwareBoots(SimulatedMachine machine) throws StepFailed, IOException {
        narrator.step(
                "A machine is switched on:  DISCOVER -> OFFER",
                "It has no operating system yet. Its firmware (PXE,"
                        + " on UEFI x64) knows nothing but its own hardware address, and calls out to the whole network: who can"
                        + " give me an address, and something to boot?");
        narrator.fact("machine", machine.hardware());
        Reply offer = offered(machine, FIRMWARE);
        narrator.fact("offered", offer.address() + ", by the server at " + Demo.server(offer));
        narrator.fact("boot file", offer.bootFile() + blocks(offer));
        narrator.fact("took", timing(offer));
        check(offer.bootFile().equals(DemoSite.BOOT_FILE), "the boot file is '" + offer.bootFile() + "'");

        narrator.step(
                "It accepts:  REQUEST -> ACK",
                "An offer binds nobody. The machine now asks for that very address, and"
                        + " the server answers only when the lease is safely on disk: from here on it may not be lost, whatever"
                        + " happens to the server.");
        Reply ack = acknowledged(machine.select(FIRMWARE, offer, patience));
        check(ack.address().equals(offer.address()), ack.address() + " was given, but " + offer.address() + " offered");
        narrator.fact("given", ack.address() + leaseTime(ack));
        narrator.fact("took", timing(ack));
        return ack;
    }

    private static String server(Reply offer) {
        return offer.server().map(Ipv4::toString).orElse("an unknown address");
    }

    private static String blocks(Reply offer) {
        return offer.bootFileBlocks().isPresent()
                ? ", " + offer.bootFileBlocks().getAsInt() + " blocks of 512 octets"
                : "";
    }

    private static String leaseTime(Reply ack) {
        return ack.leaseTime().map(time -> ", for " + time.toSeconds() + " s").orElse("");
    }

    private void loadBootFile(Reply lease) throws StepFailed, IOException {
        narrator.step(
                "It loads its boot file by TFTP",
                "TFTP sends a file block by block, each one confirmed. Firmware"
                        + " negotiates: larger blocks, several of them before each confirmation, and the size of the file.");
        TftpDownload.Arrived file;
        try (TftpDownload download = new TftpDownload(
                lease.address(), new InetSocketAddress(LoopbackWire.inet(lease.fileServer()), site.tftpPort()))) {
            file = download.read(lease.bootFile(), BLOCK_SIZE, WINDOW_SIZE, patience);
        }
        narrator.fact("file", lease.bootFile() + " from " + lease.fileServer() + " to " + lease.address());
        int size = file.content().length;
        check(
                file.granted().equals(Map.of("blksize", BLOCK_SIZE, "tsize", size, "windowsize", WINDOW_SIZE)),
                "the server agreed to " + file.granted() + ", and sent " + size + " octets");
        narrator.fact(
                "negotiated", "blocks of " + BLOCK_SIZE + " octets, " + WINDOW_SIZE + " before each confirmation");
        double perSecond = size / 1e6 / (file.took().toNanos() / 1e9);
        narrator.fact(
                "arrived",
                String.format(
                        Locale.ROOT, "%,d octets in %s, %.0f MB/s", size, Narrator.millis(file.took()), perSecond));
        byte[] original = sha256(Files.readAllBytes(site.bootFile()));
        check(Arrays.equals(sha256(file.content()), original), "the file that arrived is not the one on disk");
        narrator.fact("SHA-256", HexFormat.of().formatHex(original, 0, 8) + "..., the same as on disk");
    }

    private void operatingSystemAsks(SimulatedMachine machine, Ipv4 address) throws StepFailed, IOException {
        narrator.step(
                "The operating system runs, and asks for itself:  DISCOVER -> ACK",
                "It presents itself differently"
                        + " than the firmware did (client identifier and host name instead of UUID and PXE). It is the same machine"
                        + " all the same, and must keep its address.");
        Reply offer = offered(machine, OPERATING_SYSTEM);
        Reply ack = acknowledged(machine.select(OPERATING_SYSTEM, offer, patience));
        checkSame(ack.address(), address);
        narrator.fact("took", timing(ack));
    }

    private void killAndRestart() throws StepFailed, IOException, InterruptedException {
        narrator.step(
                "The server is killed, and started again",
                "As by a power cut (kill -9): it can save nothing, and says"
                        + " no goodbye. Another process takes over what is on disk.");
        narrator.fact("killed", "process " + daemon.pid());
        daemon.kill();
        startDaemon();
    }

    private void rebootAfterKill(SimulatedMachine machine, Ipv4 address) throws StepFailed, IOException {
        narrator.step(
                "The operating system restarts:  REQUEST -> ACK",
                "It remembers its address and asks (INIT-REBOOT): is"
                        + " this one still mine? A server that lost its leases would say no, or nothing.");
        Reply ack = acknowledged(machine.reboot(OPERATING_SYSTEM, address, patience));
        checkSame(ack.address(), address);
        narrator.fact("took", timing(ack));
    }

    private void bootAfterKill(SimulatedMachine machine, Ipv4 address) throws StepFailed, IOException {
        narrator.step(
                "The machine boots over the network again:  DISCOVER -> ACK",
                "Its firmware remembers nothing: only the" + " server can know that it had an address.");
        Reply offer = offered(machine, FIRMWARE);
        Reply ack = acknowledged(machine.select(FIRMWARE, offer, patience));
        checkSame(ack.address(), address);
        narrator.fact("took", timing(ack));
    }

    private void otherMachineBoots(SimulatedMachine other, Ipv4 taken)
            throws StepFailed, IOException, InterruptedException {
        narrator.step(
                "A second machine is switched on:  DISCOVER -> ACK",
                "It must get another address: a server that forgot"
                        + " its leases would now give the same one twice. Then the server is told to stop, in good order.");
        narrator.fact("machine", other.hardware());
        Reply offer = offered(other, FIRMWARE);
        Reply ack = acknowledged(other.select(FIRMWARE, offer, patience));
        check(!ack.address().equals(taken), taken + " was given to two machines");
        narrator.fact("given", ack.address() + ", while " + taken + " stays with the first one");
        narrator.fact("took", timing(ack));
        int status = daemon.stop();
        check(status == 0, "the server stopped with exit status " + status);
        narrator.fact("stopped", "process " + daemon.pid() + ", exit status 0");
    }

    private Reply offered(SimulatedMachine machine, Program program) throws StepFailed, IOException {
        return machine.discover(program, patience)
                .orElseThrow(() -> new StepFailed("nothing was offered within " + patience.toSeconds() + " s"));
    }

    private Reply acknowledged(Optional<Reply> answer) throws StepFailed {
        Reply reply = answer.orElseThrow(
                () -> new StepFailed("the request was not answered within " + patience.toSeconds() + " s"));
        check(reply.messageType() == SimulatedMachine.ACK, "the server refused (NAK): " + reply.message());
        return reply;
    }

    private void checkSame(Ipv4 given, Ipv4 before) throws StepFailed {
        check(given.equals(before), "it was given " + given + ", but had " + before + " before");
        narrator.fact("given", given + ", the same as before");
    }

    private static void check(boolean happened, String otherwise) throws StepFailed {
        if (!happened) {
            throw new StepFailed(otherwise);
        }
    }

    private static String timing(Reply reply) {
        return Narrator.millis(reply.after()) + (reply.sent() > 1 ? ", asked " + reply.sent() + " times" : "");
    }

    private static byte[] sha256(byte[] content) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(content);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-256", e);
        }
    }

    private void conclude() {
        narrator.pause();
        narrator.say(String.format(
                Locale.ROOT,
                "Done: all %d steps happened, in %.1f s. To serve real machines, say which addresses and files are"
                        + " theirs (docs/configuration.md), and run: sudo ./jbootd -c FILE",
                STEPS,
                narrator.seconds()));
    }

    private void showLog() {
        if (daemon != null) {
            narrator.say("The server's last lines:");
            narrator.lines(daemon.lastLines());
        }
    }

    /** Leaves no process behind; may come from another thread, when the demo is interrupted. */
    @Override
    public synchronized void close() {
        closed = true;
        if (daemon != null) {
            daemon.close();
        }
    }
}
