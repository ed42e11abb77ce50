package org.jbootd.app.daemon;

import com.google.inject.Guice;
import com.google.inject.Injector;
import com.google.inject.Module;
import com.google.inject.Stage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jbootd.app.leases.ControlServer;
import org.jbootd.app.leases.OpenLedger;
import org.jbootd.app.leases.Orders;
import org.jbootd.app.settings.BootpSettings;
import org.jbootd.app.settings.LeaseSettings;
import org.jbootd.app.settings.Settings;
import org.jbootd.app.settings.SubnetSettings;
import org.jbootd.app.settings.Subnets;
import org.jbootd.app.settings.TftpSettings;
import org.jbootd.domain.client.Identification;
import org.jbootd.domain.exchange.Desk;
import org.jbootd.domain.exchange.ProxyDesk;
import org.jbootd.domain.exchange.SteadyClock;
import org.jbootd.domain.history.History;
import org.jbootd.domain.lease.Lease;
import org.jbootd.domain.lease.LeaseBook;
import org.jbootd.domain.lease.LeaseStore;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.persistence.EmbeddedLeaseStore;
import org.jbootd.persistence.LedgerStore;
import org.jbootd.persistence.StoreSettings;
import org.jbootd.persistence.postgres.NodeSettings;
import org.jbootd.persistence.postgres.PostgresLeaseStore;
import org.jbootd.udp.EventLoops;
import org.jbootd.udp.dhcp.ArpProbe;
import org.jbootd.udp.dhcp.DhcpServer;
import org.jbootd.udp.notify.UdpNotifier;
import org.jbootd.udp.tftp.TftpServer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The services that a configuration wants, as one thing that starts and stops. Threads may share it.
 */
public final class Daemon {

    private static final Logger LOG = LoggerFactory.getLogger("jbootd.daemon");
    private static final long SECONDS_BETWEEN_TIME_MARKS = 60;
    private static final long SECONDS_BETWEEN_SUMS = 600;

    private static final Duration TRANSFERS_END_WITHIN = Duration.ofSeconds(3);

    /** What sockets and store were opened by. */
    private final Settings settings;

    private final CountDownLatch started = new CountDownLatch(1);
    private final Held held = new Held();
    private Injector injector;

    /** Of the configuration in force. */
    private volatile Policy policy;

    public Daemon(Settings settings) {
        this.settings = settings;
    }

    /**
     * Returns once every service answers. Whatever goes wrong, nothing stays open.
     *
     * @throws org.jbootd.udp.BindFailure when a socket cannot be had; its message is for the operator
     * @throws org.jbootd.persistence.StoreRefused when leases cannot be kept; its message is for the operator
     * @throws InterruptedException when this thread is told to wait no longer
     */
    public synchronized void start() throws InterruptedException {
        boolean complete = false;
        try {
            acquire();
            complete = true;
        } finally {
            if (!complete) {
                held.giveBack();
            }
        }
        started.countDown();
        LOG.info("ready, {} ms after the start of the process", millisSinceStartOfProcess());
    }

    /** The lease store first, the sockets last: nobody is asked for anything that is not there yet. */
    private void acquire() throws InterruptedException {
        Optional<LedgerStore> store =
                settings.dhcp().flatMap(Settings.Dhcp::leases).map(this::openStore);
        policy = new Policy(settings);
        held.add("configuration", () -> policy.close());
        policy.start();
        injector = Guice.createInjector(Stage.PRODUCTION, modules(store));
        if (store.isPresent()) {
            startNotifications();
        }
        EventLoops loops = injector.getInstance(EventLoops.class);
        held.add("event loops", loops);
        if (settings.tftp().isPresent()) {
            startFiles();
        }
        if (store.isPresent()) {
            startAddresses(store.get(), loops);
        }
        if (settings.dhcp().isPresent()) {
            startDhcp();
        }
    }

    private LedgerStore openStore(LeaseSettings leases) {
        LedgerStore store = leases.database()
                .<LedgerStore>map(database -> PostgresLeaseStore.open(new NodeSettings(
                        database,
                        Optional.of(leases.ownDirectory()),
                        leases.historyKeep(),
                        leases.hashChain(),
                        LeaseStore.PATIENCE)))
                .orElseGet(() -> EmbeddedLeaseStore.open(new StoreSettings(
                        leases.directory().orElseThrow(), leases.historyKeep(), leases.sql(), leases.hashChain())));
        held.add("lease store", store);
        warnOfTheClock(store.latest(), store.now());
        return store;
    }

    private static void warnOfTheClock(Instant latest, Instant now) {
        if (now.isBefore(latest)) {
            LOG.warn("the clock says {}, but leases were stored at {}: server time goes on from there", now, latest);
        }
    }

    private List<Module> modules(Optional<LedgerStore> store) {
        List<Module> modules = new ArrayList<>(
                List.of(new SharedModule(store.map(LedgerStore::history).orElse(History.NONE))));
        settings.tftp()
                .ifPresent(tftp -> modules.add(
                        new FilesModule(tftp, address(tftp), policy.files().orElseThrow())));
        bootp().ifPresent(bootp -> modules.add(store.<Module>map(open -> dhcpModule(bootp, open))
                .orElseGet(() -> new ProxyModule(bootp, settings.tftp(), policy))));
        return modules;
    }

    private DhcpModule dhcpModule(BootpSettings bootp, LedgerStore store) {
        SteadyClock clock = new SteadyClock(store::now, store.latest(), System::nanoTime, store::reached);
        List<Lease> leases = StoredClients.load(store, bootp.identification(), clock.instant());
        return new DhcpModule(bootp, settings.tftp(), store, clock, leases, policy);
    }

    private Ipv4 address(TftpSettings tftp) {
        return tftp.address().or(() -> bootp().flatMap(Daemon::onlyAddress)).orElse(Ipv4.UNSPECIFIED);
    }

    /** The address that machines know this server by, if it is the same everywhere. */
    private static Optional<Ipv4> onlyAddress(BootpSettings bootp) {
        List<Ipv4> addresses = bootp.subnets().all().stream()
                .map(subnet -> subnet.subnet().server())
                .distinct()
                .toList();
        return addresses.size() == 1 ? Optional.of(addresses.get(0)) : Optional.empty();
    }

    private Optional<BootpSettings> bootp() {
        return settings.dhcp().map(Settings.Dhcp::bootp);
    }

    /** Ends behind the thread that decides, which tells of its last answers. */
    private void startNotifications() {
        UdpNotifier notifier = injector.getInstance(UdpNotifier.class);
        held.add("notifications", notifier);
        notifier.adopt(policy.notified(), policy.uuidOrder());
    }

    private void startFiles() {
        TftpServer server = injector.getInstance(TftpServer.class);
        held.add("TFTP", () -> server.stop(TRANSFERS_END_WITHIN));
        server.start();
    }

    private void startAddresses(LedgerStore store, EventLoops loops) {
        injector.getInstance(LeaseBook.class).notes().forEach(LOG::warn);
        CurrentNameServers nameServers = injector.getInstance(CurrentNameServers.class);
        held.add("name servers", nameServers);
        if (policy.wantsHostNameServers()) {
            nameServers.start();
        }
        ArpProbe probe = injector.getInstance(ArpProbe.class);
        held.add("address probe", probe);
        if (policy.decisions().pingCheck()) {
            probe.start();
        }
        SteadyClock clock = injector.getInstance(SteadyClock.class);
        loops.decisions()
                .scheduleAtFixedRate(
                        () -> store.keepTime(clock.instant()),
                        SECONDS_BETWEEN_TIME_MARKS,
                        SECONDS_BETWEEN_TIME_MARKS,
                        TimeUnit.SECONDS);
        Desk desk = injector.getInstance(Desk.class);
        startControl(store, loops, desk);
        store.follow(desk::learn);
        loops.decisions().scheduleWithFixedDelay(desk::passTime, 1, 1, TimeUnit.SECONDS);
    }

    private void startControl(LedgerStore store, EventLoops loops, Desk desk) {
        Orders.Keeper keeper =
                (wish, cause) -> CompletableFuture.supplyAsync(() -> desk.order(wish, cause), loops.decisions())
                        .thenCompose(claim -> claim);
        Identification identification = bootp().orElseThrow().identification();
        Path directory = settings.dhcp()
                .flatMap(Settings.Dhcp::leases)
                .map(LeaseSettings::ownDirectory)
                .orElseThrow();
        try {
            held.add(
                    "control",
                    ControlServer.start(directory, new OpenLedger(store, new Orders(keeper, identification))));
        } catch (IOException problem) {
            LOG.warn("'jbootd leases' cannot ask this daemon: no socket in {}: {}", directory, problem.getMessage());
        }
    }

    private void startDhcp() {
        BootpSettings bootp = bootp().orElseThrow();
        LOG.info("who may boot: {}", bootp.access().inWords());
        if (bootp.proxy()) {
            LOG.info("proxy = on: machines are told what to boot, and another server gives them addresses");
        }
        injector.getInstance(EventLoops.class)
                .decisions()
                .scheduleAtFixedRate(
                        () -> policy.access().sumDifferences(),
                        SECONDS_BETWEEN_SUMS,
                        SECONDS_BETWEEN_SUMS,
                        TimeUnit.SECONDS);
        DhcpServer server = injector.getInstance(DhcpServer.class);
        held.add("DHCP", server::stop);
        server.start();
    }

    /**
     * Goes on by another configuration from the next packet on: access control, filters, boot files, reserved addresses, the
     * pool, and what machines are told. Waits for a start under way; exchanges and transfers under way are finished.
     *
     * @param next of the same services
     * @return the keys that wait for the next start
     * @throws ReloadRefused when it cannot be taken into use; the one in force stays
     */
    public List<String> adopt(Settings next) throws ReloadRefused, InterruptedException {
        started.await();
        return exchange(next);
    }

    private synchronized List<String> exchange(Settings next) throws ReloadRefused, InterruptedException {
        refuseAnotherNetwork(next);
        Policy former = policy;
        Policy candidate = new Policy(next, former);
        boolean taken = false;
        try {
            candidate.start();
            putInForce(candidate, next);
            policy = candidate;
            taken = true;
        } finally {
            (taken ? former : candidate).close();
        }
        next.dhcp()
                .ifPresent(dhcp ->
                        LOG.info("who may boot: {}", dhcp.bootp().access().inWords()));
        return NextStart.waitsFor(settings, next);
    }

    private void refuseAnotherNetwork(Settings next) throws ReloadRefused {
        if (bootp().isEmpty()) {
            return;
        }
        if (bootp().get().proxy() != next.dhcp().orElseThrow().bootp().proxy()) {
            throw new ReloadRefused("[bootp] proxy has changed; start the daemon anew to "
                    + (bootp().get().proxy() ? "give addresses" : "leave addresses to another server"));
        }
        List<String> present = networks(bootp().get());
        List<String> other = networks(next.dhcp().orElseThrow().bootp());
        if (!present.equals(other)) {
            boolean several = present.size() > 1 || other.size() > 1;
            throw new ReloadRefused(
                    "[bootp] pool_start, interface, address and netmask" + (several ? ", and [subnet …]," : "")
                            + " choose " + String.join(", ", other) + " now, and " + String.join(", ", present)
                            + " is served; start the daemon anew to serve another network");
        }
    }

    private static List<String> networks(BootpSettings bootp) {
        return bootp.subnets().all().stream()
                .map(SubnetSettings::subnet)
                .map(subnet -> subnet.network() + " by " + subnet.server()
                        + (subnet.name().equals(Subnets.MAIN) ? "" : " as " + subnet.name()))
                .toList();
    }

    /** Between two packets: on the thread that decides. */
    private void putInForce(Policy candidate, Settings next) throws ReloadRefused, InterruptedException {
        if (candidate.wantsHostNameServers()) {
            injector.getInstance(CurrentNameServers.class).start();
        }
        if (next.dhcp().flatMap(Settings.Dhcp::leases).isPresent()
                && candidate.decisions().pingCheck()) {
            injector.getInstance(ArpProbe.class).start();
        }
        try {
            injector.getInstance(EventLoops.class)
                    .decisions()
                    .submit(() -> {
                        if (next.dhcp().isPresent()) {
                            putInForce(candidate, next.dhcp().get());
                        }
                        candidate
                                .files()
                                .ifPresent(files ->
                                        injector.getInstance(CurrentFiles.class).adopt(files));
                        return null;
                    })
                    .get();
        } catch (ExecutionException problem) {
            if (problem.getCause() instanceof ReloadRefused refused) {
                throw refused;
            }
            throw new IllegalStateException("the configuration could not be taken over", problem.getCause());
        }
    }

    private void putInForce(Policy candidate, Settings.Dhcp next) throws ReloadRefused {
        if (next.leases().isPresent()) {
            putInForce(candidate, next.leases().get());
        } else {
            candidate.putInForce(injector.getInstance(ProxyDesk.class));
        }
    }

    private void putInForce(Policy candidate, LeaseSettings next) throws ReloadRefused {
        Desk desk = injector.getInstance(Desk.class);
        List<Lease> orphans = desk.orphans(candidate.subnets());
        if (orphans.size() > next.orphans()) {
            throw new ReloadRefused(orphans.size() + " live leases would lose their address, that of "
                    + orphans.get(0).client().hardware() + " (" + orphans.get(0).address()
                    + ") among them; keep their addresses in the pool, or write [leases] orphans = " + orphans.size()
                    + " to do it all the same");
        }
        desk.adopt(candidate.subnets(), candidate.access(), candidate.planner(), candidate.decisions());
        injector.getInstance(UdpNotifier.class).adopt(candidate.notified(), candidate.uuidOrder());
    }

    private static long millisSinceStartOfProcess() {
        Instant now = Instant.now();
        return Duration.between(ProcessHandle.current().info().startInstant().orElse(now), now)
                .toMillis();
    }

    /** Waits for a start under way. Takes no new work, lets what is under way finish within seconds, and gives everything back. */
    public synchronized void stop() {
        LOG.info("stopping");
        held.giveBack();
        LOG.info("stopped");
    }
}
