package org.jbootd.app.daemon;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import com.google.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jbootd.app.host.HostNameServers;
import org.jbootd.app.host.HostNetwork;
import org.jbootd.app.settings.BootpSettings;
import org.jbootd.app.settings.SubnetSettings;
import org.jbootd.app.settings.TftpSettings;
import org.jbootd.domain.exchange.Desk;
import org.jbootd.domain.exchange.SteadyClock;
import org.jbootd.domain.files.AssignedNames;
import org.jbootd.domain.history.History;
import org.jbootd.domain.lease.Lease;
import org.jbootd.domain.lease.LeaseBook;
import org.jbootd.persistence.LedgerStore;
import org.jbootd.udp.EventLoops;
import org.jbootd.udp.dhcp.ArpProbe;
import org.jbootd.udp.dhcp.DhcpCounters;
import org.jbootd.udp.dhcp.DhcpServer;
import org.jbootd.udp.dhcp.DhcpSettings;
import org.jbootd.udp.dhcp.ServedInterface;
import org.jbootd.udp.notify.NotificationCounters;
import org.jbootd.udp.notify.UdpNotifier;

/** DHCP, BOOTP and PXE on leases that are kept. */
final class DhcpModule extends AbstractModule {

    private final BootpSettings bootp;
    private final Optional<TftpSettings> tftp;
    private final LedgerStore store;
    private final SteadyClock clock;
    private final List<Lease> leases;
    private final Policy policy;

    /**
     * @param tftp of the TFTP service beside it
     * @param store open
     * @param clock server time, by that store
     * @param leases that it holds
     * @param policy of the configuration that the daemon starts with
     */
    DhcpModule(
            BootpSettings bootp,
            Optional<TftpSettings> tftp,
            LedgerStore store,
            SteadyClock clock,
            List<Lease> leases,
            Policy policy) {
        this.bootp = bootp;
        this.tftp = tftp;
        this.store = store;
        this.clock = clock;
        this.leases = leases;
        this.policy = policy;
    }

    @Provides
    @Singleton
    SteadyClock clock() {
        return clock;
    }

    @Provides
    @Singleton
    LeaseBook leaseBook() {
        return new LeaseBook(policy.subnets(), leases);
    }

    @Provides
    @Singleton
    UdpNotifier notifier() {
        return new UdpNotifier(new NotificationCounters());
    }

    @Provides
    @Singleton
    CurrentListeners listeners(AssignedNames names, UdpNotifier notifier) {
        return new CurrentListeners(names, notifier);
    }

    @Provides
    @Singleton
    ArpProbe addressProbe(EventLoops loops) {
        return new ArpProbe(settings(bootp, tftp), loops.decisions());
    }

    @Provides
    @Singleton
    Desk desk(LeaseBook book, SteadyClock clock, EventLoops loops, CurrentListeners listeners, ArpProbe probe) {
        return new Desk(
                book,
                policy.access(),
                policy.planner(),
                policy.decisions(),
                new Desk.Ports(store, clock, loops.decisions(), listeners, probe));
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
    DhcpServer dhcpServer(EventLoops loops, CurrentNameServers answers, DhcpCounters counters, History history) {
        return new DhcpServer(settings(bootp, tftp), loops, answers, counters, history);
    }

    /** What the sockets and the reading of packets need of a configuration. */
    static DhcpSettings settings(BootpSettings bootp, Optional<TftpSettings> tftp) {
        List<SubnetSettings> subnets = bootp.subnets().all();
        List<ServedInterface> interfaces = bootp.subnets().interfaces().stream()
                .map(network -> new ServedInterface(network.device(), network.address(), homeOf(network, subnets)))
                .toList();
        return new DhcpSettings(
                interfaces,
                subnets.stream().map(SubnetSettings::subnet).toList(),
                bootp.port(),
                bootp.replyPort(),
                Optional.of(bootp.serverName()),
                tftp.flatMap(TftpSettings::addressForOthers),
                DhcpSettings.IN_FLIGHT,
                bootp.proxy() ? OptionalInt.of(DhcpSettings.BOOT_SERVER_PORT) : OptionalInt.empty(),
                bootp.identification());
    }

    /** The subnet whose machines are on an interface; of several that share it the first. */
    private static Optional<String> homeOf(HostNetwork network, List<SubnetSettings> subnets) {
        return subnets.stream()
                .filter(subnet ->
                        subnet.interfaces().stream().anyMatch(on -> on.device().equals(network.device())))
                .map(subnet -> subnet.subnet().name())
                .findFirst();
    }
}
