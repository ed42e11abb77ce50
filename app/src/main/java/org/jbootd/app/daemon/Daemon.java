package org.jbootd.app.daemon;

import com.google.inject.Guice;
import com.google.inject.Injector;
import com.google.inject.Module;
import com.google.inject.Stage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jbootd.app.settings.BootpSettings;
import org.jbootd.app.settings.Settings;
import org.jbootd.domain.exchange.SteadyClock;
import org.jbootd.domain.lease.LeaseBook;
import org.jbootd.files.FileSizes;
import org.jbootd.persistence.EmbeddedLeaseStore;
import org.jbootd.persistence.StoreSettings;
import org.jbootd.udp.EventLoops;
import org.jbootd.udp.dhcp.DhcpServer;
import org.jbootd.udp.tftp.TftpServer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The services that a configuration wants, as one thing that starts and stops. Threads may share it.
 */
public final class Daemon {

    private static final Logger LOG = LoggerFactory.getLogger("jbootd.daemon");
    private static final long SECONDS_BETWEEN_TIME_MARKS = 60;

    private static final Duration TRANSFERS_END_WITHIN = Duration.ofSeconds(3);

    private final Settings settings;
    private final Held held = new Held();

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
        LOG.info("ready, {} ms after the start of the process", millisSinceStartOfProcess());
    }

    /** The lease store first, the sockets last: nobody is asked for anything that is not there yet. */
    private void acquire() throws InterruptedException {
        Optional<EmbeddedLeaseStore> store = settings.dhcp().map(this::openStore);
        Injector injector = Guice.createInjector(Stage.PRODUCTION, modules(store));
        EventLoops loops = injector.getInstance(EventLoops.class);
        held.add("event loops", loops);
        if (settings.tftp().isPresent()) {
            startFiles(injector);
        }
        if (store.isPresent()) {
            startDhcp(injector, store.get(), loops);
        }
    }

    private EmbeddedLeaseStore openStore(Settings.Dhcp dhcp) {
        EmbeddedLeaseStore store =
                EmbeddedLeaseStore.open(StoreSettings.in(dhcp.leases().directory()));
        held.add("lease store", store);
        warnOfTheClock(store.latest(), Instant.now());
        return store;
    }

    private static void warnOfTheClock(Instant latest, Instant now) {
        if (now.isBefore(latest)) {
            LOG.warn(
                    "this host's clock says {}, but leases were stored at {}: server time goes on from there",
                    now,
                    latest);
        }
    }

    private List<Module> modules(Optional<EmbeddedLeaseStore> store) {
        List<Module> modules = new ArrayList<>(List.of(new SharedModule()));
        settings.tftp().ifPresent(tftp -> modules.add(new FilesModule(tftp, bootp())));
        store.ifPresent(open -> modules.add(new DhcpModule(bootp().orElseThrow(), open)));
        return modules;
    }

    private Optional<BootpSettings> bootp() {
        return settings.dhcp().map(Settings.Dhcp::bootp);
    }

    private void startFiles(Injector injector) throws InterruptedException {
        FileSizes sizes = injector.getInstance(FileSizes.class);
        held.add("boot file sizes", sizes);
        sizes.start();
        TftpServer server = injector.getInstance(TftpServer.class);
        held.add("TFTP", () -> server.stop(TRANSFERS_END_WITHIN));
        server.start();
    }

    private void startDhcp(Injector injector, EmbeddedLeaseStore store, EventLoops loops) {
        injector.getInstance(LeaseBook.class).notes().forEach(LOG::warn);
        if (bootp().orElseThrow().hostNameServers()) {
            CurrentNameServers nameServers = injector.getInstance(CurrentNameServers.class);
            held.add("name servers", nameServers);
            nameServers.start();
        }
        AccessGate access = injector.getInstance(AccessGate.class);
        held.add("access control", access);
        LOG.info("who may boot: {}", bootp().orElseThrow().access().inWords());
        SteadyClock clock = injector.getInstance(SteadyClock.class);
        loops.decisions()
                .scheduleAtFixedRate(
                        () -> store.keepTime(clock.instant()),
                        SECONDS_BETWEEN_TIME_MARKS,
                        SECONDS_BETWEEN_TIME_MARKS,
                        TimeUnit.SECONDS);
        DhcpServer server = injector.getInstance(DhcpServer.class);
        held.add("DHCP", server::stop);
        server.start();
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
