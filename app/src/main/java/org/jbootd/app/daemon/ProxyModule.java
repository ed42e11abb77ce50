package org.jbootd.app.daemon;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import com.google.inject.Singleton;
import java.util.Optional;
import org.jbootd.app.settings.BootpSettings;
import org.jbootd.app.settings.TftpSettings;
import org.jbootd.domain.exchange.ProxyDesk;
import org.jbootd.udp.EventLoops;
import org.jbootd.udp.dhcp.DhcpCounters;
import org.jbootd.udp.dhcp.DhcpServer;

/** Boot information beside another DHCP server, without leases. */
final class ProxyModule extends AbstractModule {

    private final BootpSettings bootp;
    private final Optional<TftpSettings> tftp;
    private final Policy policy;

    /**
     * @param tftp of the TFTP service beside it
     * @param policy of the configuration that the daemon starts with
     */
    ProxyModule(BootpSettings bootp, Optional<TftpSettings> tftp, Policy policy) {
        this.bootp = bootp;
        this.tftp = tftp;
        this.policy = policy;
    }

    @Provides
    @Singleton
    ProxyDesk desk(EventLoops loops) {
        return policy.proxyDesk(loops.decisions());
    }

    @Provides
    @Singleton
    DhcpCounters counters() {
        return new DhcpCounters();
    }

    @Provides
    @Singleton
    DhcpServer dhcpServer(EventLoops loops, ProxyDesk desk, DhcpCounters counters) {
        return new DhcpServer(DhcpModule.settings(bootp, tftp), loops, desk, counters);
    }
}
