package org.jbootd.udp.dhcp;

import org.jbootd.domain.exchange.BootService;
import org.jbootd.udp.EventLoops;

/** The DHCP and BOOTP service on its sockets, one for each served interface. */
public final class DhcpServer {

    public DhcpServer(DhcpSettings settings, EventLoops loops, BootService service, DhcpCounters counters) {}

    /**
     * Opens the sockets; once it returns, requests are answered.
     *
     * @throws org.jbootd.udp.BindFailure when one cannot be had; none stays open then
     */
    public void start() {}

    /** Takes no more requests, waits for the answers under way (at most some seconds), closes the sockets. */
    public void stop() {}
}
