package org.jbootd.app.daemon;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import com.google.inject.Singleton;
import com.google.inject.multibindings.OptionalBinder;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jbootd.app.host.HostNameServers;
import org.jbootd.app.settings.BootFileSettings;
import org.jbootd.app.settings.BootpSettings;
import org.jbootd.domain.boot.BootFiles;
import org.jbootd.domain.boot.BootPlanner;
import org.jbootd.domain.exchange.Desk;
import org.jbootd.domain.exchange.SteadyClock;
import org.jbootd.domain.files.AssignedNames;
import org.jbootd.domain.lease.LeaseBook;
import org.jbootd.files.FileSizes;
import org.jbootd.persistence.EmbeddedLeaseStore;
import org.jbootd.udp.EventLoops;
import org.jbootd.udp.dhcp.DhcpCounters;
import org.jbootd.udp.dhcp.DhcpServer;
import org.jbootd.udp.dhcp.DhcpSettings;
import org.jbootd.udp.dhcp.ServedInterface;

/** DHCP, BOOTP and PXE on leases that are kept. */
final class DhcpModule extends AbstractModule {

    private final BootpSettings bootp;
    private final EmbeddedLeaseStore store;

    /** @param store open */
    DhcpModule(BootpSettings bootp, EmbeddedLeaseStore store) {
        this.bootp = bootp;
        this.store = store;
    }

    @Override
    protected void configure() {
        bind(BootpSettings.class).toInstance(bootp);
        bind(EmbeddedLeaseStore.class).toInstance(store);
        OptionalBinder.newOptionalBinder(binder(), FileSizes.class);
    }

    @Provides
    @Singleton
    SteadyClock clock() {
        return new SteadyClock(InstantSource.system(), store.latest(), System::nanoTime);
    }

    @Provides
    @Singleton
    LeaseBook leaseBook() {
        return new LeaseBook(List.of(bootp.subnet()), store.load());
    }

    @Provides
    @Singleton
    BootPlanner bootPlanner(Optional<FileSizes> sizes) {
        BootFileSettings files = bootp.bootFiles();
        return new BootFiles(
                files.byArchitecture(),
                files.standard(),
                files.ipxe(),
                name -> sizes.flatMap(known -> known.sizeOf(name)));
    }

    @Provides
    @Singleton
    AccessGate accessGate() {
        return new AccessGate(bootp.access());
    }

    @Provides
    @Singleton
    Desk desk(
            LeaseBook book,
            AccessGate access,
            BootPlanner planner,
            SteadyClock clock,
            EventLoops loops,
            AssignedNames names) {
        Desk.Settings settings =
                new Desk.Settings(bootp.allowSimpleDhcp(), bootp.authoritative(), Desk.Settings.EXCHANGES_IN_FLIGHT);
        return new Desk(book, access, planner, store, clock, loops.decisions(), settings, names);
    }

    @Provides
    @Singleton
    CurrentNameServers nameServers(Desk desk) {
        return new CurrentNameServers(desk, new HostNameServers()::read);
    }

    @Provides
    @Singleton
    DhcpCounters counters() {
        return new DhcpCounters();
    }

    @Provides
    @Singleton
    DhcpServer dhcpServer(EventLoops loops, Desk desk, CurrentNameServers nameServers, DhcpCounters counters) {
        List<ServedInterface> interfaces = bootp.served().interfaces().stream()
                .map(network -> new ServedInterface(
                        network.device(),
                        network.address(),
                        Optional.of(bootp.subnet().name())))
                .toList();
        DhcpSettings settings = new DhcpSettings(
                interfaces,
                List.of(bootp.subnet()),
                bootp.port(),
                bootp.replyPort(),
                Optional.of(bootp.serverName()),
                DhcpSettings.IN_FLIGHT);
        return new DhcpServer(settings, loops, bootp.hostNameServers() ? nameServers : desk, counters);
    }
}
