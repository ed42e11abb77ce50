package org.jbootd.app.host;

import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.net.Ipv4Network;

/** An address of this host and the network it is on. @param device the interface's name */
public record HostNetwork(String device, Ipv4 address, Ipv4Network network) {

    public boolean isLoopback() {
        return address.bits() >>> 24 == 127;
    }

    @Override
    public String toString() {
        return device + " " + address + "/" + network.prefix();
    }
}
